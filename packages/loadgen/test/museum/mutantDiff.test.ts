import { sourceOf } from "@doorbuster/loadgen/museum/applyPatch"
import { gallery } from "@doorbuster/loadgen/museum/gallery"
import type { Mutant, Patch } from "@doorbuster/loadgen/museum/Mutant"
import { mutantDiff } from "@doorbuster/loadgen/museum/mutantDiff"
import { expect, test } from "vitest"

const file = "core/src/checkout/stockLines.ts"

const diffOf = (...patches: ReadonlyArray<Omit<Patch, "file">>): ReadonlyArray<string> => {
  const mutant = { ...(gallery[0] as Mutant), patches: patches.map((p) => ({ file, ...p })) }
  return mutantDiff(mutant).split("\n")
}

const lines = sourceOf(file).split("\n")
const at = lines.findIndex((line) => line.includes('if (line.kind !== "stocked") continue'))

test("a change shows the lines that go, those that come, and their surroundings", () => {
  expect(diffOf({ find: '"stocked") continue', replace: '"held") break' })).toEqual([
    `--- packages/${file}`,
    `@@ line ${at + 1} @@`,
    ` ${lines[at - 2]}`,
    ` ${lines[at - 1]}`,
    `-${lines[at]}`,
    `+${lines[at]?.replace('"stocked") continue', '"held") break')}`,
    ` ${lines[at + 1]}`,
    ` ${lines[at + 2]}`
  ])
})

test("lines that stay as they are within a change are not shown as changed", () => {
  const find = `${lines[at]}\n${lines[at + 1]}`
  const diff = diffOf({ find, replace: `${lines[at]?.trim()}\n    log()\n${lines[at + 1]}` })
  expect(diff.filter((line) => /^[-+] /.test(line))).toEqual(["+    log()"])
})

test("what is only taken away leaves no empty line", () => {
  const diff = diffOf({ find: lines[at]?.trim() ?? "", replace: "" })
  expect(diff.filter((line) => /^[-+](?!--)/.test(line))).toEqual([`-${lines[at]}`])
})
