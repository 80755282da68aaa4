import type { AuditReport, InvariantReport } from "@doorbuster/core/audit/audit"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { table } from "./table.ts"

const shownMax = 20

const verdict = ({ checked, violations }: InvariantReport): string =>
  violations.length > 0
    ? red(`${formatCount(violations.length)} broken`)
    : checked === 0
      ? dim("nothing to check")
      : green("holds")

const brokenBlock = ({ name, violations }: InvariantReport): string => {
  const rows = violations.slice(0, shownMax).map(({ key, left, right }) => [key, left, right])
  const more = violations.length - shownMax
  const rest = more > 0 ? [dim(`... and ${formatCount(more)} more; --json lists all`)] : []
  const columns = [{ title: "key" }, { title: "one side" }, { title: "other side" }]
  return [red(name), table(columns, rows), ...rest].join("\n")
}

/** Every invariant with its verdict, then each violation with both sides of its equation. */
export const checkView = ({ invariants, ok }: AuditReport): string => {
  const rows = invariants.map((report) => [
    report.name,
    formatCount(report.checked),
    verdict(report)
  ])
  const columns = [
    { title: "invariant" },
    { title: "checked", align: "right" as const },
    { title: "verdict" }
  ]
  const empty = invariants.filter(({ checked }) => checked === 0).length
  const vacuous = empty === 0 ? "" : `; ${empty} of them had nothing to check`
  const broken = invariants.filter(({ violations }) => violations.length > 0)
  const count = broken.length
  const summary = ok
    ? green(`all ${invariants.length} invariants hold${vacuous}`)
    : red(`${count} of ${invariants.length} invariants ${count === 1 ? "is" : "are"} broken`)
  return [table(columns, rows), ...broken.map(brokenBlock), bold(summary)].join("\n\n")
}
