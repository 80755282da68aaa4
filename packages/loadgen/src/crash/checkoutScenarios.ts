/** What can be going on around a checkout when a process dies. */
import type { SandboxMix } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { Payments } from "@doorbuster/core/payment/Payments"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Customer } from "./Customer.ts"
import type { Final, Scenario } from "./Scenario.ts"
import * as Shop from "./Shop.ts"

/** Once the buyer was told of the order, it is there and ends in one of these states. */
const ending =
  (...states: ReadonlyArray<Final>) =>
  (customer: Customer): ReadonlyArray<Final> =>
    customer.wasTold("place") ? states : ["none", ...states]

const placing =
  (fields: Partial<PlaceOrder> = {}): Scenario["act"] =>
  (customer) =>
    customer.place(Shop.order(fields))

const checkout = (
  name: string,
  title: string,
  mix: SandboxMix,
  final: Final,
  more: Partial<Scenario> = {}
): Scenario => ({
  name: `checkout-${name}`,
  title: `a checkout${title}`,
  mix,
  act: placing(),
  finals: ending(final),
  ...more
})

const one = (sku: Shop.Item, quantity = 1) => ({ sku, quantity: Quantity.make(quantity) })

/** The only coupon, and all that one account may buy. */
const limited = placing({ lines: [one(Shop.vase, 2)], coupons: [Shop.coupon] })

const hourMs = 3_600_000
/** Long enough to change one's mind. */
const soonMs = 60

const plain: ReadonlyArray<Scenario> = [
  checkout("approved", ", approved", { approve: 1 }, "paid"),
  checkout("declined", ", declined", { decline: 1 }, "canceled"),
  checkout("answer-lost", ", the capture's answer lost", { timeout_after: 1 }, "paid"),
  checkout("request-lost", ", the capture's request lost", { timeout_before: 1 }, "paid"),
  checkout("answered-late", ", answered late", { late: 1 }, "paid"),
  checkout("told-twice", ", told twice", { twice: 1 }, "paid"),
  checkout("free", " for nothing", { approve: 1 }, "paid", {
    act: placing({ lines: [one(Shop.postage)] })
  }),
  checkout("limited", " with a coupon and a purchase limit", { approve: 1 }, "paid", {
    act: limited
  }),
  checkout("limited-declined", " with coupon and limit, declined", { decline: 1 }, "canceled", {
    act: limited
  }),
  checkout("amount-differs", ", a penny short", { approve: 1 }, "canceled", {
    whims: { shortBy: 1n }
  }),
  checkout("expired", ", expired while the payment is late", { late: 1 }, "canceled", {
    whims: { settlesAfterMs: hourMs },
    brief: true
  }),
  checkout("retried", ", retried by the buyer", { approve: 1 }, "paid", { insists: true }),
  checkout("late-retried", ", answered late and retried", { late: 1 }, "paid", { insists: true })
]

/** Whoever was told that the order is given up keeps nothing and pays nothing. */
const givenUp = (customer: Customer): ReadonlyArray<Final> =>
  customer.wasTold("cancel")
    ? ["canceled", "refunded"]
    : ending("paid", "canceled", "refunded")(customer)

const cancelAtOnce: Scenario["act"] = Effect.fnUntraced(function* (customer) {
  const orderId = yield* customer.place(Shop.order())
  if (orderId !== null) yield* customer.cancel(orderId, Shop.buyer)
})

const lookMs = 5

/** The buyer has second thoughts as soon as the capture is out, or when it never goes out. */
const cancelUnderWay: Scenario["act"] = Effect.fnUntraced(function* (customer, _, { outside }) {
  const orderId = yield* customer.place(Shop.order())
  if (orderId === null) return
  const ofOrder = Effect.orDie(Context.get(outside, Payments).ofOrder(orderId))
  for (let looks = 0; looks < 100; looks++) {
    const { payments } = yield* ofOrder
    if (payments.some(({ state }) => state !== "created")) break
    yield* Effect.sleep(lookMs)
  }
  yield* customer.cancel(orderId, Shop.buyer)
})

const cancels: ReadonlyArray<Scenario> = [
  {
    name: "cancel-under-way",
    title: "a cancel while the payment is under way",
    mix: { late: 1 },
    whims: { settlesAfterMs: soonMs },
    act: cancelUnderWay,
    finals: givenUp
  },
  {
    name: "cancel-at-once",
    title: "a cancel as soon as the order is there",
    mix: { approve: 1 },
    act: cancelAtOnce,
    finals: givenUp
  },
  {
    name: "cancel-retried",
    title: "a cancel, retried by the buyer",
    mix: { late: 1 },
    whims: { settlesAfterMs: soonMs },
    insists: true,
    act: cancelUnderWay,
    finals: givenUp
  }
]

/** The reservation has run out when somebody takes over: then the order may be given up. */
const takenOverLate = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `${scenario.name}-overdue`,
  title: `${scenario.title}, taken over when the reservation has run out`,
  late: true,
  finals: (customer) => [...scenario.finals(customer), "canceled"]
})

const overdue = new Set([
  "checkout-approved",
  "checkout-answer-lost",
  "checkout-answered-late",
  "checkout-limited",
  "checkout-retried",
  "cancel-under-way"
])

export const checkoutScenarios: ReadonlyArray<Scenario> = [
  ...plain,
  ...cancels,
  ...[...plain, ...cancels].filter(({ name }) => overdue.has(name)).map(takenOverLate)
]
