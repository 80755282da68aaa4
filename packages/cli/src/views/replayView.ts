import type { ReplayReport } from "@doorbuster/loadgen/replay/ReplayReport"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { facts, table } from "./table.ts"
import { formatDuration } from "./time.ts"

const shownMax = 10

const comparison = ({ comparison: figures }: ReplayReport): string =>
  table(
    [
      { title: "figure (amounts in pence)" },
      { title: "file", align: "right" },
      { title: "store", align: "right" },
      { title: "" }
    ],
    figures.map(({ equal, figure, file, store }) => [
      figure,
      file,
      store,
      equal ? green("equal") : red("differs")
    ])
  )

const amounts = (report: ReplayReport): string => {
  const { bad_debts_minor, refunds_minor, unmatched } = report
  const reasons = Object.entries(unmatched.reasons)
    .map(([why, count]) => `${formatCount(count)} ${why}`)
    .join(", ")
  const notes = reasons === "" ? "" : ` (${reasons})`
  return facts([
    ["gross", formatCount(report.gross_minor)],
    ["rounding difference", report.rounding_difference],
    ["refunds", formatCount(refunds_minor)],
    ["rounding of refunds", report.refunds_rounding_difference],
    ["paid back without a sale", formatCount(unmatched.amount_minor)],
    ["lines without a sale", `${formatCount(unmatched.lines)}${notes}`],
    ["bad debts", formatCount(bad_debts_minor)],
    ["state digest", report.state_digest],
    ["time", formatDuration(report.elapsed_ms)]
  ])
}

const refusals = ({ refused }: ReplayReport): ReadonlyArray<string> => {
  if (refused.length === 0) return []
  const rows = refused.slice(0, shownMax).map(({ code, kind, message, ref }) => {
    return [kind, ref, code, message]
  })
  const more = refused.length - shownMax
  const rest = more > 0 ? dim(`\n... and ${formatCount(more)} more; --json lists all`) : ""
  const columns = [
    { title: "refused" },
    { title: "reference" },
    { title: "code" },
    { title: "why" }
  ]
  return [`${table(columns, rows)}${rest}`]
}

const verdict = ({ matches, open_sagas, refused }: ReplayReport): string => {
  if (matches) return green("the store's books match the file")
  const causes = [
    ...(refused.length > 0 ? [`${formatCount(refused.length)} operations were refused`] : []),
    ...(open_sagas > 0 ? [`${formatCount(open_sagas)} sagas have not ended`] : [])
  ]
  const because = causes.length === 0 ? "" : `: ${causes.join(", ")}`
  return red(`the store's books do not match the file${because}`)
}

/** Both sides of each figure, the amounts, what was refused, and the verdict. */
export const replayView = (report: ReplayReport): string =>
  [comparison(report), amounts(report), ...refusals(report), bold(verdict(report))].join("\n\n")
