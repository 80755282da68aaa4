import { gallery } from "@doorbuster/loadgen/museum/gallery"
import type { Exhibit, Finding, MuseumReport } from "@doorbuster/loadgen/museum/MuseumReport"
import type { Mutant } from "@doorbuster/loadgen/museum/Mutant"
import { describe, expect, test } from "vitest"
import { museumPage } from "../../src/views/museumPage.ts"
import { exhibitView, galleryView, museumJson, museumView } from "../../src/views/museumView.ts"

const [first, second] = gallery as readonly [Mutant, Mutant, ...ReadonlyArray<Mutant>]

const finding: Finding = {
  seed: 44,
  runs: 3,
  violation: { invariant: "paid.goods", subject: "ord-1/MUG", detail: "committed: 2 | 4" }
}

const reportOf = (
  exhibits: ReadonlyArray<Exhibit>,
  findings: ReadonlyArray<Finding> = []
): MuseumReport => ({ seed: 42, runs: 1000, exhibits, unchanged: { runs: 1000, findings } })

const found = { mutant: first, finding }
const missed = { mutant: second, finding: null }

describe("the table of the museum", () => {
  test("names each mutant with what caught it, and how many seeds that took", () => {
    const view = museumView(reportOf([found]))
    expect(view).toMatch(new RegExp(`${first.name} +found +3 +44 +paid\\.goods`))
    expect(view).toContain("1 of 1 mutants found")
    expect(view).toContain("from seed 42 on")
    expect(view).toContain("The unchanged store breaks no rule on the same 1,000 seeds.")
  })

  test("says which mutant was not found", () => {
    const view = museumView(reportOf([found, missed]))
    expect(view).toMatch(new RegExp(`${second.name} +not found`))
    expect(view).toContain("1 of 2 mutants found")
  })

  test("shows on which seed the unchanged store breaks which rule", () => {
    const view = museumView(reportOf([found], [finding]))
    expect(view).toContain("breaks a rule on 1 of the same 1,000 seeds")
    expect(view).toMatch(/44 +paid\.goods +ord-1\/MUG: committed: 2 \| 4/)
  })
})

test("one mutant is told with story, source, change, rule and seed", () => {
  const view = exhibitView(reportOf([found]))
  const { source, story, title } = first
  for (const words of [title, story.happened, story.because, story.cost, source.url]) {
    expect(view).toContain(words)
  }
  const { find = "", replace = "" } = first.patches[0] ?? {}
  expect(view).toContain(`-    ${find}`)
  expect(view).toContain(`+    ${replace}`)
  expect(view).toContain("paid.goods")
  expect(view).toMatch(/seed +44/)
})

test("the list names every mutant and where it comes from", () => {
  const view = galleryView(gallery)
  for (const { name, source } of gallery) {
    expect(view).toContain(name)
    expect(view).toContain(source.name)
  }
})

test("programs get one entry per mutant, and a count for the unchanged store", () => {
  const json = museumJson(reportOf([found, missed], [finding]))
  expect(json.mutants).toMatchObject([
    { name: first.name, found: true, runs_to_find: 3, caught_by: "paid.goods", seed: 44 },
    { name: second.name, found: false, runs_to_find: null, caught_by: null, seed: null }
  ])
  expect(json.unchanged).toMatchObject({ runs: 1000, violations: 1 })
})

test("the page has a story, a source, a change and a verdict for each mutant", () => {
  const page = museumPage(reportOf([found, missed]))
  expect(page).toContain("**1 of 2** were found")
  expect(page).toContain(`[${first.title}](#two-lines-of-one-product-are-each-checked-alone)`)
  expect(page).toContain(
    `[${second.title}](#a-shoppers-second-try-is-refused-because-of-the-first)`
  )
  for (const { name, source, story, title } of [first, second]) {
    expect(page).toContain(`## ${title}\n\n\`${name}\`: `)
    expect(page).toContain(`${story.happened} ${story.because} ${story.cost}`)
    expect(page).toContain(`[${source.name}](${source.url})`)
  }
  expect(page.match(/```diff\n--- packages\//g)).toHaveLength(2)
  expect(page).toContain("**Caught by** `paid.goods` on seed 44, after 3 seeds")
  expect(page).toContain("**Not found** on 1,000 seeds.")
})
