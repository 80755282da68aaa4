/** Judges a world at rest: every invariant, and what this scenario promised besides. */
import { audit } from "@doorbuster/core/audit/audit"
import { Books, type StockBook } from "@doorbuster/core/audit/Books"
import type { Acknowledged, Violation } from "@doorbuster/core/audit/Invariant"
import { isAllowance } from "@doorbuster/core/inventory/StockKey"
import type { Order } from "@doorbuster/core/order/Order"
import { Orders } from "@doorbuster/core/order/Orders"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CrashWorld } from "./CrashWorld.ts"
import { type Asked, type Customer, idOf } from "./Customer.ts"
import type { Final, Scenario } from "./Scenario.ts"

/** A broken equation under the name of its invariant. */
export interface Broken extends Violation {
  readonly invariant: string
}

const broken = (
  isSo: boolean,
  invariant: string,
  key: string,
  left: string,
  right: string
): ReadonlyArray<Broken> => (isSo ? [] : [{ invariant, key, left, right }])

const told = ({ answers, order }: Asked): ReadonlyArray<Acknowledged> => {
  const [first] = answers
  const orderId = idOf(first ?? null)
  if (order === null || first === undefined || first === "taken" || orderId === null) return []
  const { total } = JSON.parse(first.body) as { total: number }
  return [{ orderId, total: BigInt(total), lines: order.lines }]
}

/** Every invariant of an audit, with the provider's own book and all that buyers were told. */
const audited = (acknowledged: ReadonlyArray<Acknowledged>) =>
  Effect.gen(function* () {
    const { captures } = yield* (yield* PaymentProvider).book
    const report = yield* audit({ graceMs: 0, captures, acknowledged })
    return report.invariants.flatMap(({ name, violations }) =>
      violations.map((violation): Broken => ({ invariant: name, ...violation }))
    )
  })

/** What the provider has kept is what the orders have cost, less what was given back. */
const moneyKept = Effect.fnUntraced(function* (orders: ReadonlyArray<Order>) {
  const { captures, refunds } = yield* (yield* PaymentProvider).book
  const total = (all: ReadonlyArray<{ readonly amount: bigint }>) =>
    all.reduce((sum, { amount }) => sum + amount, 0n)
  const kept = total(captures) - total(refunds)
  const due = orders
    .filter(({ state }) => state !== "canceled" && state !== "pending_payment")
    .reduce((sum, order) => sum + order.total - order.refundedTotal, 0n)
  return broken(kept === due, "crash.money_kept", "provider", `kept: ${kept}`, `${due}`)
})

const stockAtRest = (orders: ReadonlyArray<Order>) => {
  const isGivenBack = orders.every(({ state }) => state === "canceled" || state === "refunded")
  const isUnused = orders.every(({ state }) => state === "canceled")
  return ({ key, segments }: StockBook): ReadonlyArray<Broken> => {
    const reserved = segments.reduce((sum, segment) => sum + segment.reserved, 0)
    const sold = segments.reduce((sum, segment) => sum + segment.sold, 0)
    // A use of a coupon stays used when the order is refunded later.
    const isFree = isAllowance(key) ? isUnused : isGivenBack
    return [
      ...broken(reserved === 0, "crash.nothing_held", key, `reserved: ${reserved}`, "0 at rest"),
      ...broken(!isFree || sold === 0, "crash.given_back", key, `sold: ${sold}`, "0")
    ]
  }
}

const finalState = (scenario: Scenario, customer: Customer, orders: ReadonlyArray<Order>) => {
  const permitted = scenario.finals(customer)
  const right = `one of ${[...new Set(permitted)].join(", ")}`
  const found: ReadonlyArray<readonly [key: string, state: Final]> =
    orders.length === 0
      ? [["order", "none"]]
      : orders.map(({ orderId, state }) => [orderId, state] as const)
  return found.flatMap(([key, state]) =>
    broken(permitted.includes(state), "crash.final_state", key, state, right)
  )
}

const shown = (answer: unknown): string =>
  typeof answer === "object" ? JSON.stringify(answer) : `${answer}`

/** Asked again with its key, each request gets its first answer; whoever insists has one. */
const answersStand = Effect.fnUntraced(function* (scenario: Scenario, customer: Customer) {
  const found: Array<Broken> = []
  for (const asked of [...customer.asked]) {
    const { answers, errand, refusals } = asked
    if (scenario.insists === true && answers.length + refusals.length === 0) {
      found.push(...broken(false, "crash.answered", errand, "no answer", "an answer at last"))
    }
    // A cancel has no key: it speaks of the order as it is.
    if (answers.length === 0 || errand === "cancel") continue
    yield* customer.tryOnce(asked, null)
    const first = shown(answers[0])
    for (const refusal of refusals) {
      found.push(...broken(false, "crash.first_answer", errand, refusal, first))
    }
    for (const answer of answers.slice(1)) {
      const later = shown(answer)
      found.push(...broken(later === first, "crash.first_answer", errand, later, first))
    }
  }
  return found
})

const openWork = ({ courier }: CrashWorld, isAtRest: boolean) => [
  ...broken(isAtRest, "crash.comes_to_rest", "sagas", "open beyond every deadline", "none open"),
  ...broken(courier.underWay === 0, "crash.comes_to_rest", "messages", "under way", "all taken")
]

/** Nothing when everything is as it has to be. */
export const judge = Effect.fnUntraced(function* (
  scenario: Scenario,
  world: CrashWorld,
  customer: Customer,
  isAtRest: boolean
) {
  const answers = yield* answersStand(scenario, customer)
  const books = Effect.gen(function* () {
    const orders = yield* (yield* Orders).list({ limit: 100 })
    const stock = yield* Stream.runCollect((yield* Books).stock)
    return [
      ...(yield* audited(customer.asked.flatMap(told))),
      ...(yield* moneyKept(orders)),
      ...stock.flatMap(stockAtRest(orders)),
      ...finalState(scenario, customer, orders)
    ]
  })
  const found = yield* Effect.orDie(Effect.provideContext(books, world.outside))
  return [...openWork(world, isAtRest), ...answers, ...found]
})
