/** What the turns of `store bench http` come to. */
import { type BenchResult, resultOf } from "./BenchReport.ts"
import type { FloodFigures } from "./flood.ts"
import type { HttpCheckoutRun } from "./httpCheckout.ts"
import type { Turns } from "./rounds.ts"
import { median } from "./statistics.ts"

export const httpLoads = ["checkout", "sold_out", "product"] as const
export type HttpLoad = (typeof httpLoads)[number]
/** Requests that a server answers from what it has at hand. */
export const floodNames = ["sold_out", "product"] as const
export type FloodName = (typeof floodNames)[number]

export interface Turn
  extends FloodFigures,
    Partial<Pick<HttpCheckoutRun, "paidPerSecond" | "orders" | "broken">> {}

export const storeName = (load: HttpLoad) => `http ${load}`
export const bareName = (name: FloodName) => `bare ${name}`
export const ofPgbench = "pgbench hot, 32 clients"

const middle = (turns: ReadonlyArray<Turn>, of: (turn: Turn) => number | null | undefined) => {
  const known = turns.flatMap((turn) => of(turn) ?? [])
  return known.length === turns.length ? median(known) : null
}

const rates = (turns: ReadonlyArray<Turn> | undefined): ReadonlyArray<number> | null =>
  turns === undefined ? null : turns.map(({ perSecond }) => perSecond)

const latencies = (turns: ReadonlyArray<Turn>) => ({
  p50_ms: middle(turns, (turn) => turn.p50Ms),
  p99_ms: middle(turns, (turn) => turn.p99Ms)
})

const checkoutResult = (turns: Turns<Turn>): ReadonlyArray<BenchResult> => {
  const own = turns.get(storeName("checkout"))
  if (own === undefined) return []
  return [
    resultOf({
      name: "http.checkout",
      about: "orders accepted, all of them paid in the end",
      subject: own.map(({ perSecond }) => perSecond),
      reference: "pgbench, one transaction, 32 clients",
      against: rates(turns.get(ofPgbench)),
      more: {
        ...latencies(own),
        paid_per_second: middle(own, (turn) => turn.paidPerSecond),
        per_cpu_second: middle(own, (turn) => turn.perCpuSecond),
        orders: own.map(({ orders }) => orders)
      }
    })
  ]
}

const abouts = {
  sold_out: ["sold-out answers", "bare node:http, POST"],
  product: ["cached product pages", "bare node:http, GET"]
} as const

const floodResult =
  (turns: Turns<Turn>) =>
  (name: FloodName): ReadonlyArray<BenchResult> => {
    const own = turns.get(storeName(name))
    const bare = turns.get(bareName(name))
    if (own === undefined || bare === undefined) return []
    const perCpu = middle(own, (turn) => turn.perCpuSecond)
    const barePerCpu = middle(bare, (turn) => turn.perCpuSecond)
    const [about, reference] = abouts[name]
    return [
      resultOf({
        name: `http.${name}`,
        about,
        subject: own.map(({ perSecond }) => perSecond),
        reference,
        against: rates(bare),
        more: {
          ...latencies(own),
          per_cpu_second: perCpu,
          reference_per_cpu_second: barePerCpu,
          ratio_per_cpu: perCpu === null || barePerCpu === null ? null : perCpu / barePerCpu
        }
      })
    ]
  }

export const httpResults = (turns: Turns<Turn>): ReadonlyArray<BenchResult> => [
  ...checkoutResult(turns),
  ...floodNames.flatMap(floodResult(turns))
]
