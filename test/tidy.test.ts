/**
 * Style as a test. Each rule is a function from sources to complaints; the first block holds the
 * repository to them, the second shows with a bad sample that each of them can complain.
 */
import { describe, expect, test } from "vitest"
import { circles, coreFolders, fileGraph, reachingAcross, wrongDirection } from "./tidy/imports.ts"
import { isCode, readSources, type Source } from "./tidy/Source.ts"
import { longFile, longFunctions, longLines } from "./tidy/size.ts"
import { ambientTime, leftovers, machinePaths } from "./tidy/words.ts"

/** Tables and fixtures that grow with the world, not with the code. */
const exempt = (path: string) =>
  path.startsWith("fixtures/") || path.endsWith("Table.ts") || path.endsWith(".generated.ts")

const sources = readSources()
const code = sources.filter(isCode)
const written = code.filter(({ path }) => !exempt(path))
const product = code.filter(({ path }) => /^packages\/\w+\/src\//.test(path))
const core = product.filter(({ path }) => path.startsWith("packages/core/"))
const prose = sources.filter(({ path }) => !exempt(path) && path !== "package-lock.json")

describe("the repository", () => {
  test("has the code that these rules are about", () => {
    expect(core.length).toBeGreaterThan(10)
    expect(written.length).toBeGreaterThan(core.length)
  })
  test("imports in one direction only", () => {
    expect(product.flatMap(wrongDirection)).toEqual([])
  })
  test("reaches into no other package by path", () => {
    expect(code.flatMap(reachingAcross)).toEqual([])
  })
  test("has no circle of files", () => {
    expect(circles(fileGraph(code))).toEqual([])
  })
  test("has no circle of core folders", () => {
    expect(circles(coreFolders(fileGraph(core)))).toEqual([])
  })
  test("keeps lines within 100 columns", () => {
    expect(written.flatMap(longLines)).toEqual([])
  })
  test("keeps functions within 70 lines", () => {
    expect(written.flatMap(longFunctions)).toEqual([])
  })
  test("keeps files within 250 lines", () => {
    expect(written.flatMap(longFile)).toEqual([])
  })
  test("leaves no note of unfinished work", () => {
    expect(prose.flatMap(leftovers)).toEqual([])
  })
  test("keeps clocks, chance and the process out of core", () => {
    expect(core.flatMap(ambientTime)).toEqual([])
  })
  test("names no machine's folders and no registry", () => {
    expect(sources.flatMap(machinePaths)).toEqual([])
  })
})

const sample = (path: string, ...lines: ReadonlyArray<string>): Source => ({
  path,
  text: lines.join("\n")
})
const inCore = (...lines: ReadonlyArray<string>) => sample("packages/core/src/a/A.ts", ...lines)
const repeated = (line: string, times: number) => Array.from({ length: times }, () => line)
const counting = (lines: number) => ["const f = () => {", ...repeated("  g()", lines), "}"]

describe("each rule complains about", () => {
  test.each([
    "effect",
    "effect/http",
    "effect/Arbitrary",
    "node:fs",
    "pg",
    "@doorbuster/adapters/postgres/Database"
  ])("core importing %s", (from) => {
    expect(wrongDirection(inCore(`import * as A from "${from}"`))).toHaveLength(1)
    expect(wrongDirection(inCore(`import type { A } from "${from}"`))).toHaveLength(1)
    expect(wrongDirection(inCore(`export * from "${from}"`))).toHaveLength(1)
    expect(wrongDirection(inCore(`const a = () => import("${from}")`))).toHaveLength(1)
  })
  test.each([
    ["adapters", "autocannon"],
    ["adapters", "@doorbuster/loadgen/Report"],
    ["adapters", "@oclif/core"],
    ["loadgen", "@doorbuster/cli/layers"],
    ["loadgen", "pg"]
  ])("%s importing %s", (name, from) => {
    const source = sample(`packages/${name}/src/a/A.ts`, `import { a } from "${from}"`)
    expect(wrongDirection(source)).toHaveLength(1)
  })
  test("a test tool or a contract suite in what is shipped to run", () => {
    const suite = (from: string) => `import { a } from "${from}"`
    const tool = suite("@effect/vitest")
    expect(wrongDirection(sample("packages/adapters/src/memory/A.ts", tool))).toHaveLength(1)
    expect(wrongDirection(sample("packages/adapters/src/contract/a.ts", tool))).toEqual([])
    const contract = suite("@doorbuster/adapters/contract/a")
    expect(wrongDirection(sample("packages/cli/src/A.ts", contract))).toHaveLength(1)
  })
  test("nothing where the direction is right", () => {
    const allowed = [
      ["core", "effect/Effect"],
      ["adapters", "@doorbuster/core/money/Money"],
      ["adapters", "pg"],
      ["loadgen", "autocannon"],
      ["cli", "@oclif/core"],
      ["cli", "@doorbuster/loadgen/Report"]
    ]
    const complaints = allowed.flatMap(([name, from]) =>
      wrongDirection(sample(`packages/${name}/src/a/A.ts`, `import { a } from "${from}"`))
    )
    expect(complaints).toEqual([])
  })
  test("a path into another package's sources", () => {
    const into = 'import { A } from "../../../adapters/src/A.ts"'
    expect(reachingAcross(inCore(into))).toHaveLength(1)
    expect(reachingAcross(inCore('import { B } from "../b/B.ts"'))).toEqual([])
    const servers = 'import { createDatabase } from "../../../test/servers/database.ts"'
    expect(reachingAcross(sample("packages/core/test/A.test.ts", servers))).toEqual([])
    expect(reachingAcross(inCore('import { d } from "../../../../test/d.ts"'))).toHaveLength(1)
  })
  test("a circle of files, types included", () => {
    const there = inCore('import type { B } from "../b/B.ts"')
    const back = sample("packages/core/src/b/B.ts", 'import { A } from "../a/A.ts"')
    expect(circles(fileGraph([there, back]))).toHaveLength(1)
    expect(circles(fileGraph([there]))).toEqual([])
  })
  test("a circle of folders, where no two files form one", () => {
    const there = inCore('import { B } from "../b/B.ts"')
    const back = sample("packages/core/src/b/C.ts", 'import { D } from "../a/D.ts"')
    const files = fileGraph([there, back])
    expect(circles(files)).toEqual([])
    expect(circles(coreFolders(files))).toEqual(["a -> b -> a"])
  })
  test("a line of 101 columns", () => {
    expect(longLines(inCore("x".repeat(100), "x".repeat(101)))).toHaveLength(1)
  })
  test("a function of 71 lines, not one whose parts are short", () => {
    expect(longFunctions(inCore(...counting(69)))).toHaveLength(1)
    expect(longFunctions(inCore(...counting(68)))).toEqual([])
    const whole = ["const all = () => {", ...counting(50), ...counting(50), "}"]
    expect(longFunctions(inCore(...whole))).toEqual([])
  })
  test("a file of 251 lines", () => {
    expect(longFile(inCore(...repeated("x", 251)))).toHaveLength(1)
    expect(longFile(inCore(...repeated("x", 250)))).toEqual([])
  })
  test.each(["TO" + "DO", "FIX" + "ME", "XX" + "X:"])("a leftover %s", (word) => {
    expect(leftovers(inCore("const a = 1", `// ${word} later`))).toHaveLength(1)
    expect(leftovers(sample("docs/a.md", `Say more. ${word}`))).toHaveLength(1)
  })
  test.each([
    "Date.now()",
    "new Date()",
    "Math.random()",
    "process.env",
    "setTimeout(f, 1)",
    "performance.now()"
  ])("core using %s", (expression) => {
    expect(ambientTime(inCore(`const a = ${expression}`))).toHaveLength(1)
    expect(ambientTime(inCore(`// not ${expression}`))).toEqual([])
  })
  test.each([
    ["", "home", "ann", "shop"].join("/"),
    ["", "Users", "ann", "shop"].join("/"),
    ["https:", "", `${"registry"}.example.com`, "pg"].join("/")
  ])("a file that names %s", (place) => {
    expect(machinePaths(sample("docs/a.md", `See ${place}.`))).toHaveLength(1)
  })
})
