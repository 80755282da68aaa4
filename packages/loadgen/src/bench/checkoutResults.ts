/** What the turns of `store bench checkout` come to. */
import { type BenchResult, resultOf } from "./BenchReport.ts"
import type { Turns } from "./rounds.ts"
import { median } from "./statistics.ts"
import type { StoreRun } from "./storeRun.ts"

/** Many callers who want one SKU, or any of many; or a single caller on an idle store. */
export const checkoutLoads = ["hot", "spread", "lone"] as const
export type CheckoutLoad = (typeof checkoutLoads)[number]
export const busyLoads = ["hot", "spread"] as const
export type BusyLoad = (typeof busyLoads)[number]

export interface Turn {
  readonly perSecond: number
  readonly run: StoreRun | null
}

/** A shop's many connections; and what a clever queue in front of the row would reach. */
export const manyClients = 32
export const clientCounts = [1, 8, manyClients] as const

export const ofPgbench = (load: BusyLoad, clients: number) => `pgbench ${load}, ${clients} clients`

const ratesOf = (turns: Turns<Turn>, name: string): ReadonlyArray<number> | null => {
  const found = turns.get(name)
  return found === undefined ? null : found.map(({ perSecond }) => perSecond)
}

const runsOf = (turns: Turns<Turn>, load: CheckoutLoad): ReadonlyArray<StoreRun> =>
  (turns.get(`checkout ${load}`) ?? []).flatMap(({ run }) => (run === null ? [] : [run]))

/** Latency and cost of an order, in the middle of the rounds. */
const moreOf = (runs: ReadonlyArray<StoreRun>) => {
  const of = (figure: (run: StoreRun) => number) => median(runs.map(figure))
  const costs = runs.flatMap(({ cost }) => (cost === null ? [] : [cost]))
  const [first] = costs
  return {
    p50_ms: of((run) => run.p50Ms),
    p99_ms: of((run) => run.p99Ms),
    answered_p50_ms: of((run) => run.answeredP50Ms),
    orders: runs.map(({ orders }) => orders),
    per_order:
      first === undefined
        ? null
        : {
            rows: median(costs.map(({ rows }) => rows)),
            commits: median(costs.map(({ commits }) => commits)),
            fsyncs: first.fsyncs === null ? null : median(costs.map(({ fsyncs }) => fsyncs ?? 0)),
            wal_bytes: median(costs.map(({ wal_bytes }) => wal_bytes))
          }
  }
}

const bestOf = (turns: Turns<Turn>, load: BusyLoad) => {
  const known = clientCounts.flatMap((clients) => {
    const rates = ratesOf(turns, ofPgbench(load, clients))
    return rates === null ? [] : [{ clients, rates, middle: median(rates) }]
  })
  return known.toSorted((one, other) => other.middle - one.middle)[0] ?? null
}

const busyResults = (turns: Turns<Turn>, load: BusyLoad, skus: number) => {
  const subject = ratesOf(turns, `checkout ${load}`)
  if (subject === null) return []
  const where = load === "hot" ? "one SKU" : `${skus} SKUs`
  const about = `orders to paid on ${where}`
  const more = moreOf(runsOf(turns, load))
  const best = bestOf(turns, load)
  const clients = Object.fromEntries(
    clientCounts.map((count) => [count, median(ratesOf(turns, ofPgbench(load, count)) ?? [])])
  )
  const byBest = {
    about,
    subject,
    reference:
      best === null ? "pgbench, its best" : `pgbench, one transaction, ${best.clients} clients`,
    against: best?.rates ?? null
  }
  const pgbenchMore = best === null ? {} : { pgbench_per_second: clients }
  if (load === "spread") {
    return [resultOf({ ...byBest, name: "checkout.spread", more: { ...more, ...pgbenchMore } })]
  }
  return [
    resultOf({
      name: "checkout.hot",
      about,
      subject,
      reference: `pgbench, one transaction, ${manyClients} clients`,
      against: ratesOf(turns, ofPgbench("hot", manyClients)),
      more
    }),
    resultOf({ ...byBest, name: "checkout.hot.best", more: pgbenchMore })
  ]
}

const loneResults = (turns: Turns<Turn>) => {
  const subject = ratesOf(turns, "checkout lone")
  const against = ratesOf(turns, "commits")
  if (subject === null || against === null) return []
  const more = moreOf(runsOf(turns, "lone"))
  const commit = 1000 / median(against)
  return [
    resultOf({
      name: "checkout.lone",
      about: "a lone order until its buyer has it, its latency",
      subject,
      reference: "commits of one row, one after the other",
      against,
      // Times, not rates: how many commits a lone order waits for.
      ratio: (perSecond, commits) => commits / perSecond,
      more: {
        ...more,
        latency_ms: more.answered_p50_ms,
        reference_latency_ms: commit,
        paid_ratio: more.p50_ms / commit
      }
    })
  ]
}

export const checkoutResults = (turns: Turns<Turn>, skus: number): ReadonlyArray<BenchResult> => [
  ...busyLoads.flatMap((load) => busyResults(turns, load, skus)),
  ...loneResults(turns)
]
