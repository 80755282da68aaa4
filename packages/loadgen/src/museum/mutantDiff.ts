import { changesIn, sourceOf } from "./applyPatch.ts"
import type { Mutant } from "./Mutant.ts"

/** Lines of the source that are shown above and below a change. */
const contextLines = 2

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n")

const marked = (mark: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => `${mark}${line}`.trimEnd())

type Change = ReturnType<typeof changesIn>[number]

/** The whole lines that a change touches, as they are and as they become. */
const hunk = (text: string, { end, replace, start }: Change): ReadonlyArray<string> => {
  const from = text.lastIndexOf("\n", start - 1) + 1
  const next = text.indexOf("\n", end)
  const to = next < 0 ? text.length : next
  const above = linesOf(text.slice(0, from)).slice(0, -1)
  const before = linesOf(text.slice(from, to))
  const changed = linesOf(text.slice(from, start) + replace + text.slice(end, to))
  // What is only taken away leaves no empty line to show.
  const after = replace === "" ? changed.filter((line) => line.trim() !== "") : changed
  const below = linesOf(text.slice(to)).slice(1)
  const shared = sharedLines(before, after)
  return [
    `@@ line ${above.length + 1} @@`,
    ...marked(" ", above.slice(-contextLines)),
    ...marked(" ", before.slice(0, shared.top)),
    ...marked("-", before.slice(shared.top, before.length - shared.bottom)),
    ...marked("+", after.slice(shared.top, after.length - shared.bottom)),
    ...marked(" ", before.slice(before.length - shared.bottom)),
    ...marked(" ", below.slice(0, contextLines))
  ]
}

/** Lines at the top and at the bottom that stay as they are. */
const sharedLines = (before: ReadonlyArray<string>, after: ReadonlyArray<string>) => {
  const most = Math.min(before.length, after.length)
  let top = 0
  while (top < most && before[top] === after[top]) top++
  let bottom = 0
  while (bottom < most - top && before.at(-1 - bottom) === after.at(-1 - bottom)) bottom++
  return { top, bottom }
}

/** What the mutant changes, as people read changes. Throws `PatchDoesNotFit`. */
export const mutantDiff = (mutant: Mutant): string => {
  const files = [...new Set(mutant.patches.map(({ file }) => file))]
  return files
    .flatMap((file) => {
      const text = sourceOf(file)
      const hunks = changesIn(mutant, file, text).flatMap((change) => hunk(text, change))
      return [`--- packages/${file}`, ...hunks]
    })
    .join("\n")
}
