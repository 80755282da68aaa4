/**
 * The documentation as a test: what a page tells to type is typed, what it shows is compared, and
 * what it lists is held against the program. docs/contributor/testing.md describes the marks.
 */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { problems } from "@doorbuster/adapters/http/problem/problems"
import { fixedAccounts } from "@doorbuster/core/ledger/Account"
import { afterAll, describe, expect, test } from "vitest"
import { DocsShell } from "./docs/DocsShell.ts"
import { compare } from "./docs/output.ts"
import {
  blocksOf,
  codes,
  deadLinks,
  pages,
  pagesLinkedFrom,
  read,
  root,
  tableRows
} from "./docs/Page.ts"

const all = pages()
const index = "docs/README.md"
const inOrder = pagesLinkedFrom(index)
const runnable = inOrder.filter((page) => blocksOf(page).length > 0)

const shell = new DocsShell()
afterAll(() => shell.remove())

describe("the pages", () => {
  test.each(runnable)("%s does what it says", { timeout: 240_000 }, async (page) => {
    const blocks = blocksOf(page)
    const { ran, stderr } = await shell.run(blocks)
    for (const { block, said } of ran) {
      const problem = block.shown === null ? null : compare(block.shown, said)
      expect(problem, `${page}:${block.line}`).toBeNull()
    }
    const failed = blocks[ran.length]
    expect(failed === undefined ? "" : `${page}:${failed.line} failed: ${stderr}`).toBe("")
  })

  test("have no dead links", () => {
    expect(all.flatMap(deadLinks)).toEqual([])
  })

  test("are all on the reading list", () => {
    const listed = new Set([index, ...inOrder])
    expect(all.filter((page) => page.startsWith("docs/") && !listed.has(page))).toEqual([])
  })

  test("that show commands to run are all run", () => {
    const shows = all.filter((page) => blocksOf(page).length > 0)
    expect(shows.toSorted()).toEqual(runnable.toSorted())
    expect(runnable.length).toBeGreaterThan(3)
  })
})

describe("the pages list", () => {
  test("every command", () => {
    const folder = join(root, "packages/cli/src/commands")
    const commands = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `store ${name.replace(/\.ts$/, "").replaceAll("/", " ")}`)
    const listed = tableRows("docs/commands.md").flatMap(([name = ""]) => codes(name))
    expect(listed.toSorted()).toEqual(commands.toSorted())
  })

  test("every setting, with its variable", { timeout: 60_000 }, async () => {
    const { configuration } = await shell.json("store doctor --json")
    const settings = configuration.map(({ env, name }: Record<string, string>) => [name, env])
    const listed = tableRows("docs/sre/configuration.md").flatMap(([name = "", env = ""]) =>
      codes(name).map((code) => [code, ...codes(env)])
    )
    expect(listed).toEqual(settings)
  })

  test("every invariant", { timeout: 60_000 }, async () => {
    const { invariants } = await shell.json("store check --json")
    const names = invariants.map(({ name }: { readonly name: string }) => name)
    const listed = tableRows("docs/contributor/invariants.md").flatMap(([name = ""]) => codes(name))
    expect(listed.toSorted()).toEqual(names.toSorted())
  })

  test("every error code of the HTTP API, with its status", () => {
    const known = new Map(
      Object.values(problems)
        .flat()
        .map(({ code, status }) => [code, status])
    )
    const listed = tableRows("docs/engineer/http-api.md").flatMap(([status = "", code = ""]) =>
      /^\d{3}$/.test(status) ? codes(code).map((name) => [name, Number(status)]) : []
    )
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(known))
  })

  test("every account", () => {
    const page = read("docs/finance/ledger.md")
    expect(fixedAccounts.filter((account) => !page.includes(`\`${account}\``))).toEqual([])
  })
})

describe("the comparison of outputs", () => {
  const text = (shown: string, said: string) => compare({ language: "text", text: shown }, said)
  const json = (shown: string, said: string) => compare({ language: "json", text: shown }, said)

  test("takes what is shown, however it is spaced", () => {
    expect(text("a  b\n\nc", "a b\r\nc\n")).toBeNull()
    expect(json('{"a": 1}', '{"a":1}\n')).toBeNull()
  })

  test("takes anything for a wildcard, in a line and for lines", () => {
    expect(text("order …\n…\nend …", "order 7\nx\ny\nend 8")).toBeNull()
    expect(text("…\nend", "x\nend")).toBeNull()
    expect(text("start\n…", "start\nx")).toBeNull()
    expect(json('{…, "b": 2}', '{"a":1,"b":2}')).toBeNull()
  })

  test.each([
    ["another figure", "a 1", "a 2"],
    ["a line more", "a", "a\nb"],
    ["a line less", "a\nb", "a"],
    ["another order", "…\nb\n…\na\n…", "a\nb"],
    ["nothing at the end", "…\nb", "b\na"]
  ])("does not take %s", (_, shown, said) => {
    expect(text(shown, said)).not.toBeNull()
  })

  test("does not take another figure in JSON", () => {
    expect(json('{"a": 1, …}', '{"a":2,"b":3}')).not.toBeNull()
  })
})
