import type { BenchReport, BenchResult, Ranked } from "@doorbuster/loadgen/bench/BenchReport"
import type { FigureVoid } from "@doorbuster/loadgen/bench/errors"
import { formatCount } from "./money.ts"
import { bold, dim, red } from "./style.ts"
import { facts, table } from "./table.ts"

/** Three digits that mean something. */
const rounded = (value: number): number => Number(value.toPrecision(4))

const plain = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? rounded(value) : value

/** Figures as they were measured, without digits that mean nothing. */
export const benchJson = ({ bench, notes, ranking, results, server }: BenchReport) =>
  JSON.parse(
    JSON.stringify(
      {
        bench,
        results: results.map(({ more, ...result }) => ({ ...result, ...more })),
        ...(ranking.length === 0 ? {} : { ranking }),
        notes,
        server
      },
      plain
    )
  ) as unknown

export const voidJson = ({ broken, message, round, run }: FigureVoid) => ({
  results: [],
  void: { message, run, round, broken }
})

const perSecond = (rate: number | null): string =>
  rate === null ? "-" : rate >= 100 ? formatCount(Math.round(rate)) : rate.toPrecision(3)

export const formatRatio = (ratio: number | null): string =>
  ratio === null ? "-" : ratio.toFixed(2)

const spreadOf = ({ ratio_spread: spread }: BenchResult): string =>
  spread === null ? "" : `${formatRatio(spread.lowest)} to ${formatRatio(spread.highest)}`

const resultsTable = (results: ReadonlyArray<BenchResult>): string =>
  table(
    [
      { title: "name" },
      { title: "per second", align: "right" },
      { title: "reference", align: "right" },
      { title: "ratio", align: "right" },
      { title: "rounds" },
      { title: "of" }
    ],
    results.map((result) => [
      result.name,
      perSecond(result.per_second),
      perSecond(result.reference_per_second),
      bold(formatRatio(result.ratio)),
      dim(spreadOf(result)),
      dim(`${result.about} ÷ ${result.reference}`)
    ])
  )

const figure = (value: unknown): string => {
  if (value === null || value === undefined) return "-"
  if (typeof value === "number") {
    return Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : String(rounded(value))
  }
  if (Array.isArray(value)) return value.map(figure).join(", ")
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, part]) => `${name} ${figure(part)}`)
      .join("  ")
  }
  return String(value)
}

const moreOf = ({ more, name }: BenchResult): ReadonlyArray<string> => {
  const pairs = Object.entries(more).map(([key, value]) => [key, figure(value)] as const)
  return pairs.length === 0 ? [] : [`${bold(name)}\n${facts(pairs)}`]
}

const serverLine = ({ server }: BenchReport): ReadonlyArray<string> =>
  server === null
    ? []
    : [
        `Postgres ${server.version}, fsync ${server.fsync}, ` +
          `synchronous_commit ${server.synchronous_commit}`
      ]

const rankingOf = ({ ranking }: BenchReport): ReadonlyArray<string> => {
  if (ranking.length === 0) return []
  const right = "right" as const
  const row = (one: Ranked) => [
    one.load,
    one.strategy,
    String(one.processes),
    perSecond(one.per_second),
    dim(`${perSecond(one.spread.lowest)} to ${perSecond(one.spread.highest)}`),
    figure(one.p50_ms),
    figure(one.p99_ms),
    formatCount(one.failed)
  ]
  const columns = [
    { title: "load" },
    { title: "strategy" },
    { title: "processes", align: right },
    { title: "per second", align: right },
    { title: "rounds" },
    { title: "p50 ms", align: right },
    { title: "p99 ms", align: right },
    { title: "failed", align: right }
  ]
  return [table(columns, ranking.map(row))]
}

/** The figures in a table, then what else was found out about each. */
export const benchView = (report: BenchReport): string =>
  [
    resultsTable(report.results),
    ...rankingOf(report),
    ...report.results.flatMap(moreOf),
    ...report.notes.map((note) => `note: ${note}`),
    ...serverLine(report)
  ].join("\n\n")

export const voidView = ({ broken, message }: FigureVoid): string => {
  const columns = [
    { title: "invariant" },
    { title: "broken", align: "right" as const },
    { title: "key" },
    { title: "one side" },
    { title: "other side" }
  ]
  const rows = broken.map(({ count, key, left, name, right }) => [
    name,
    formatCount(count),
    key,
    left,
    right
  ])
  return [red(message), table(columns, rows)].join("\n\n")
}
