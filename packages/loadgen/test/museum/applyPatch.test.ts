import { applyPatch } from "@doorbuster/loadgen/museum/applyPatch"
import type { Mutant, Patch } from "@doorbuster/loadgen/museum/Mutant"
import { expect, test } from "vitest"

const mutantOf = (...patches: ReadonlyArray<Omit<Patch, "file">>): Mutant => ({
  name: "some-mutant",
  title: "",
  story: { happened: "", because: "", cost: "" },
  source: { name: "", url: "" },
  patches: patches.map((patch) => ({ file: "core/src/a.ts", ...patch })),
  breaks: "",
  seenAs: ""
})

const patched = (text: string, ...patches: ReadonlyArray<Omit<Patch, "file">>) =>
  applyPatch(mutantOf(...patches), "core/src/a.ts", text)

test("however the source is wrapped, the same words are found", () => {
  const text = "if (\n  a &&\n  b\n) {\n  go()\n}\n"
  expect(patched(text, { find: "a && b", replace: "a" })).toBe("if (\n  a\n) {\n  go()\n}\n")
  expect(patched(text, { find: "if (a && b) {", replace: "{" })).toBe("{\n  go()\n}\n")
  expect(() => patched(text, { find: "ifa", replace: "" })).toThrow("nowhere")
  expect(() => patched("const ab = 1", { find: "a b", replace: "" })).toThrow("nowhere")
})

test("signs of regular expressions and of replacements are only signs", () => {
  const text = "const a = f(x)?.[0] ?? `$1`\n"
  expect(patched(text, { find: "f(x)?.[0]", replace: "g($&)" })).toBe("const a = g($&) ?? `$1`\n")
})

test("several changes of one file do not move each other", () => {
  const one = { find: "one", replace: "1 and 1" }
  const three = { find: "three", replace: "" }
  expect(patched("one two three", three, one)).toBe("1 and 1 two ")
})

test("another file stays as it is", () => {
  const mutant = mutantOf({ find: "a", replace: "b" })
  expect(applyPatch(mutant, "core/src/b.ts", "a")).toBe("a")
})

test("what is not there, or is there twice, is an error that names mutant and file", () => {
  const patch = { find: "a", replace: "b" }
  expect(() => patched("x", patch)).toThrow(/some-mutant.*core\/src\/a\.ts is found nowhere/)
  expect(() => patched("a a", patch)).toThrow(/some-mutant.*core\/src\/a\.ts is found in 2 places/)
})
