import { stripTypeScriptTypes } from "node:module"
import { applyPatch, changesIn, sourceOf } from "@doorbuster/loadgen/museum/applyPatch"
import { gallery } from "@doorbuster/loadgen/museum/gallery"
import { mutantDiff } from "@doorbuster/loadgen/museum/mutantDiff"
import { describe, expect, test } from "vitest"

test("the museum has at least 32 mutants, each under a name of its own", () => {
  const names = gallery.map(({ name }) => name)
  expect(names.length).toBeGreaterThanOrEqual(32)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/)
})

describe.each(gallery)("$name", (mutant) => {
  const files = [...new Set(mutant.patches.map(({ file }) => file))]

  test("fits today's source, and leaves code that Node can read", () => {
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const text = sourceOf(file)
      const patched = applyPatch(mutant, file, text)
      expect(patched).not.toBe(text)
      expect(stripTypeScriptTypes(patched)).not.toBe(stripTypeScriptTypes(text))
    }
  })

  test("changes parts that do not overlap, and never the simulator", () => {
    for (const file of files) {
      expect(file).toMatch(/^(core|adapters)\/src\//)
      const places = changesIn(mutant, file, sourceOf(file))
      for (const [index, { start }] of places.entries()) {
        expect(start).toBeGreaterThanOrEqual(places[index - 1]?.end ?? 0)
      }
    }
  })

  test("is a small change", () => {
    const added = mutantDiff(mutant)
      .split("\n")
      .filter((line) => /^\+/.test(line))
    expect(added.length).toBeLessThanOrEqual(12)
  })

  test("tells its story in three sentences, with its source", () => {
    for (const sentence of Object.values(mutant.story)) expect(sentence).toMatch(/^[A-Z].*\.$/s)
    expect(mutant.source.url).toMatch(/^https:\/\/[\w.-]+\/\S+$/)
    for (const words of [mutant.title, mutant.source.name, mutant.breaks]) {
      expect(words.length).toBeGreaterThan(8)
    }
    expect(mutant.seenAs).toMatch(/^Needs .*\.$/s)
  })
})
