/** Compares what a command says with what a page shows: `…` stands for anything. */
import type { Shown } from "./Page.ts"

const wildcard = "…"

const pattern = (text: string, blanks: string): RegExp => {
  const parts = text.split(wildcard).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
  return new RegExp(`^${parts.join(blanks)}$`)
}

const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")

/** Lines between wildcards; each run of them has to be found behind the one before. */
const runsOf = (lines: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const runs: Array<Array<string>> = [[]]
  for (const line of lines) {
    if (line === wildcard) runs.push([])
    else runs.at(-1)?.push(line)
  }
  return runs
}

const differs = (expected: string, said: string): string =>
  `the page shows:\n  ${expected}\nbut the command says:\n${said.trimEnd()}`

const compareLines = (shown: string, said: string): string | null => {
  const lines = linesOf(said)
  const runs = runsOf(linesOf(shown))
  const fits = (run: ReadonlyArray<string>, at: number) =>
    run.every((line, index) => pattern(line, ".*").test(lines[at + index] ?? ""))
  let from = 0
  for (const [index, run] of runs.entries()) {
    const isLast = index === runs.length - 1
    const places = lines.map((_, at) => at).filter((at) => at >= from)
    const candidates = index === 0 ? [0] : isLast ? [lines.length - run.length] : places
    const found = run.length === 0 ? from : candidates.find((at) => at >= from && fits(run, at))
    if (found === undefined) return differs(run.join("\n  "), said)
    from = found + run.length
    const isOpen = !isLast || (index > 0 && run.length === 0)
    if (!isOpen && from !== lines.length) return differs("nothing more", said)
  }
  return null
}

const compareJson = (shown: string, said: string): string | null => {
  const squeeze = (text: string) => text.replace(/\s+/g, "")
  return pattern(squeeze(shown), ".*").test(squeeze(said)) ? null : differs(shown, said)
}

/** Null where what was said is what is shown. */
export const compare = ({ language, text }: Shown, said: string): string | null =>
  language === "json" ? compareJson(text, said) : compareLines(text, said)
