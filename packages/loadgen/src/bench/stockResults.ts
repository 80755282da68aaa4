/** What the turns of `store bench stock` come to. */
import type { StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import { type BenchResult, type Ranked, resultOf } from "./BenchReport.ts"
import type { Broken } from "./errors.ts"
import type { Turns } from "./rounds.ts"
import { median, spread } from "./statistics.ts"

export interface Turn {
  readonly perSecond: number
  readonly held: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly broken: ReadonlyArray<Broken>
}

export const stockLoads = ["hot", "spread"] as const
export type StockLoadName = (typeof stockLoads)[number]

/** As many as there are processes in the comparison, for each has one batch under way. */
export const pgbenchClients = 4
export const ofPgbench = "pgbench pessimistic"
export const ofStock = (strategy: StockStrategy, load: StockLoadName, processes: number) =>
  `stock ${strategy} ${load} ${processes}`

interface Compared {
  readonly strategies: ReadonlyArray<StockStrategy>
  readonly processes: ReadonlyArray<number>
}

const ratesOf = (turns: Turns<Turn>, name: string): ReadonlyArray<number> =>
  (turns.get(name) ?? []).map(({ perSecond }) => perSecond)

/** Each load by itself, the fastest first. */
export const stockRanking = (
  turns: Turns<Turn>,
  { processes, strategies }: Compared
): ReadonlyArray<Ranked> =>
  stockLoads.flatMap((load) =>
    strategies
      .flatMap((strategy) =>
        processes.map((count): Ranked => {
          const own = turns.get(ofStock(strategy, load, count)) ?? []
          const rates = own.map(({ perSecond }) => perSecond)
          return {
            load,
            strategy,
            processes: count,
            per_second: median(rates),
            spread: spread(rates),
            p50_ms: median(own.map(({ p50Ms }) => p50Ms)),
            p99_ms: median(own.map(({ p99Ms }) => p99Ms)),
            failed: own.reduce((sum, { failed }) => sum + failed, 0)
          }
        })
      )
      .toSorted((one, other) => other.per_second - one.per_second)
  )

/** The comparison that counts is by four processes, or by as many as were asked for. */
const countOf = (processes: ReadonlyArray<number>): number =>
  processes.includes(pgbenchClients) ? pgbenchClients : Math.max(...processes)

export const stockResults = (
  turns: Turns<Turn>,
  compared: Compared
): ReadonlyArray<BenchResult> => {
  const count = countOf(compared.processes)
  const of = (strategy: StockStrategy) => ratesOf(turns, ofStock(strategy, "hot", count))
  const base = of("pessimistic")
  const best = compared.strategies
    .map((strategy) => ({ strategy, rates: of(strategy) }))
    .toSorted((one, other) => median(other.rates) - median(one.rates))[0]
  if (best === undefined) return []
  const where = `one hot SKU, ${count} processes`
  const plain = ratesOf(turns, ofPgbench)
  return [
    resultOf({
      name: "stock.best_hot",
      about: `${best.strategy}, ${where}`,
      subject: best.rates,
      reference: `pessimistic, ${where}`,
      against: base.length === 0 ? null : base
    }),
    ...(base.length === 0
      ? []
      : [
          resultOf({
            name: "stock.pessimistic",
            about: `pessimistic, ${where}`,
            subject: base,
            reference: `pgbench, lock, look and write, ${pgbenchClients} clients`,
            against: plain.length === 0 ? null : plain
          })
        ])
  ]
}
