import type {
  HistoryReport,
  Range,
  SkuFailure,
  ToldOperation,
  Verdict
} from "@doorbuster/loadgen/history/HistoryReport"
import { formatCount } from "./money.ts"
import { bold, dim, green, red, yellow } from "./style.ts"
import { facts } from "./table.ts"

const shownMax = 8
const failuresMax = 20

const rangeText = ([least, most]: Range): string =>
  least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`

const told = ({ client, line, ok, op, qty, val }: ToldOperation): string => {
  const what = op === "read" ? `read ${val ?? "nothing"}` : `${op} of ${qty}`
  return `line ${line}: ${what} by client ${client}${ok ? "" : ", refused"}`
}

/** One below the other, under one name. */
const listed = (name: string, rows: ReadonlyArray<string>) =>
  rows.map((row, index): readonly [string, string] => [index === 0 ? name : "", row])

const underWay = ({ under_way, unknown }: SkuFailure) => {
  const shown = under_way.slice(0, shownMax).map(told)
  const more = under_way.length - shown.length
  return listed("under way with it", [
    ...shown,
    ...(more > 0 ? [dim(`... and ${formatCount(more)} more; --json lists them`)] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} unknown, which may have happened or not`] : [])
  ])
}

const block = (failure: SkuFailure): string => {
  const { explained, operations, sku, stock, verdict, why } = failure
  const isUndecided = verdict === "undecided"
  const title = isUndecided ? yellow(`${sku}: undecided`) : red(`${sku}: not linearizable`)
  const before = `${formatCount(explained)} of ${formatCount(operations)} operations`
  const counters =
    stock === null
      ? []
      : listed("stock then", [
          `available ${rangeText(stock.available)}, reserved ${rangeText(stock.reserved)}, ` +
            `sold ${rangeText(stock.sold)}`
        ])
  const rows = [["explained before it", before] as const, ...counters, ...underWay(failure)]
  return [title, why, facts(rows)].join("\n")
}

const summaries: Readonly<Record<Verdict, (report: HistoryReport) => string>> = {
  linearizable: ({ skus }) =>
    green(`linearizable: a correct store can have given every answer, on ${skusText(skus)}`),
  not_linearizable: ({ failures, skus }) => {
    const broken = failures.filter(({ verdict }) => verdict === "not_linearizable").length
    return red(`not linearizable: ${formatCount(broken)} of ${skusText(skus)} cannot be explained`)
  },
  undecided: ({ failures, skus }) =>
    yellow(`undecided: ${formatCount(failures.length)} of ${skusText(skus)}, and no violation`)
}

const skusText = (count: number): string => `${formatCount(count)} SKU${count === 1 ? "" : "s"}`

/** The verdict over all SKUs, and each SKU that is not explained. */
export const historyView = (report: HistoryReport): string => {
  const { failures, operations, verdict } = report
  const more = failures.length - failuresMax
  return [
    `${formatCount(operations)} operation${operations === 1 ? "" : "s"}`,
    ...failures.slice(0, failuresMax).map(block),
    ...(more > 0 ? [dim(`... and ${formatCount(more)} more SKUs; --json lists all`)] : []),
    bold(summaries[verdict](report))
  ].join("\n\n")
}
