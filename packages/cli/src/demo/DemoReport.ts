import type { AuditReport } from "@doorbuster/core/audit/audit"
import type { ReplayReport } from "@doorbuster/loadgen/replay/ReplayReport"
import type { Answer } from "@doorbuster/loadgen/sale/Buyer"
import type { SaleFigures } from "@doorbuster/loadgen/sale/saleFigures"
import type { SeedReport } from "@doorbuster/loadgen/seed/seed"
import type { trialBalanceJson } from "../views/trialBalanceView.ts"
import { saleUnits } from "./doorbuster.ts"
import { buyersCount, type FlashSale } from "./flashSale.ts"

type TrialBalance = ReturnType<typeof trialBalanceJson>

/** Everything that the demo has seen. */
export interface Seen {
  readonly seeded: SeedReport
  readonly replayed: ReplayReport
  readonly sale: FlashSale
  /** From the restart to the end of the last saga. */
  readonly recoveredMs: number
  readonly openSagas: number
  readonly figures: SaleFigures
  readonly audited: AuditReport
  readonly balance: TrialBalance
}

/** One thing that was promised, and what was found. */
export interface Promised {
  readonly promise: string
  readonly found: string
  readonly kept: boolean
}

export interface DemoReport {
  readonly ok: boolean
  readonly promises: ReadonlyArray<Promised>
  readonly seed: SeedReport
  readonly replay: Pick<
    ReplayReport,
    "orders" | "lines" | "units" | "gross_minor" | "refunds_minor" | "matches" | "state_digest"
  >
  readonly sale: Readonly<Record<string, number>>
  readonly crash: Readonly<Record<string, number>>
  readonly invariants: AuditReport["invariants"]
  readonly trial_balance: TrialBalance
  readonly elapsed_ms: number
}

const count = (answers: Iterable<Answer>, tag: Answer["_tag"]): number =>
  [...answers].filter(({ _tag }) => _tag === tag).length

/** Orders of winners that are not paid, or that nobody won. */
const strays = ({ figures, sale }: Seen): number => {
  const won = new Set<string>()
  for (const answer of sale.answers.values()) if (answer._tag === "Won") won.add(answer.orderId)
  const paid: ReadonlySet<string> = figures.paidOrders
  const unpaid = [...won].filter((orderId) => !paid.has(orderId))
  return unpaid.length + [...paid].filter((orderId) => !won.has(orderId)).length
}

const promisesKept = (seen: Seen): ReadonlyArray<Promised> => {
  const { audited, balance, figures, openSagas, replayed, sale } = seen
  const told = [...sale.answers.values()]
  const won = count(told, "Won")
  const answered = won + count(told, "SoldOut")
  const broken = audited.invariants.filter(({ violations }) => violations.length > 0)
  const checked = audited.invariants.length
  const sides = replayed.matches ? "equal" : "different"
  return [
    {
      promise: "a real day's orders add up to the penny",
      found: `${replayed.orders} orders, ${replayed.lines} lines, both sides ${sides}`,
      kept: replayed.matches
    },
    {
      promise: `exactly ${saleUnits} units are sold, not one more`,
      found: `${figures.sold} sold, ${figures.paidUnits} paid for`,
      kept: figures.sold === saleUnits && figures.paidUnits === saleUnits
    },
    {
      promise: "no unit is left hanging between shop and buyer",
      found: `${figures.reserved} still reserved`,
      kept: figures.reserved === 0
    },
    {
      promise: "whoever was told yes has a paid order, crash or not",
      found: `${won} told yes, ${figures.paidOrders.size} paid orders`,
      kept: won === saleUnits && strays(seen) === 0
    },
    {
      promise: "everybody else was told no, nobody is left waiting",
      found: `${answered} of ${buyersCount} answered`,
      kept: answered === buyersCount
    },
    {
      promise: "every checkout that the crash cut short has ended",
      found: `${sale.cutShort} were cut short, ${openSagas} still open`,
      kept: openSagas === 0
    },
    {
      promise: "every invariant of stock, orders and money holds",
      found: `${checked - broken.length} of ${checked} hold`,
      kept: audited.ok
    },
    {
      promise: "the books balance",
      found: balance.ok ? "debits equal credits" : "debits and credits differ",
      kept: balance.ok
    }
  ]
}

export const demoReport = (seen: Seen, elapsedMs: number): DemoReport => {
  const { figures, replayed, sale } = seen
  const told = [...sale.answers.values()]
  const promises = promisesKept(seen)
  const { gross_minor, lines, matches, orders, refunds_minor, state_digest, units } = replayed
  return {
    ok: promises.every(({ kept }) => kept),
    promises,
    seed: seen.seeded,
    replay: { orders, lines, units, gross_minor, refunds_minor, matches, state_digest },
    sale: {
      buyers: buyersCount,
      units: saleUnits,
      requests: sale.requests,
      broken_connections: sale.brokenConnections,
      told_yes: count(told, "Won"),
      told_sold_out: count(told, "SoldOut"),
      told_otherwise: count(told, "Refused"),
      without_answer: buyersCount - told.length,
      paid_orders: figures.paidOrders.size,
      sold: figures.sold,
      oversold: Math.max(0, figures.sold - figures.received),
      stranded: figures.reserved,
      latency_ms_p50: sale.latencyMsP50,
      latency_ms_p99: sale.latencyMsP99
    },
    crash: {
      winners_before: sale.winnersBeforeCrash,
      answers_before: sale.answersBeforeCrash,
      down_ms: sale.downMs,
      sagas_cut_short: sale.cutShort,
      recovered_ms: seen.recoveredMs,
      open_sagas: seen.openSagas
    },
    invariants: seen.audited.invariants,
    trial_balance: seen.balance,
    elapsed_ms: elapsedMs
  }
}
