/** What can be going on around an order that was placed before when a process dies. */
import { minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Payments } from "@doorbuster/core/payment/Payments"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Customer, Errand } from "./Customer.ts"
import type { Final, Scenario } from "./Scenario.ts"
import * as Shop from "./Shop.ts"

const place = (customer: Customer) => customer.place(Shop.order())

const shipIt = (customer: Customer, orderId: OrderId) => customer.ship(orderId)

/** Once it was told, it is so; before that it may be so or not yet. */
const moving =
  (errand: Errand, from: Final, to: Final) =>
  (customer: Customer): ReadonlyArray<Final> =>
    customer.wasTold(errand) ? [to] : [from, to]

const ship: Scenario = {
  name: "ship",
  title: "a shipment",
  mix: { approve: 1 },
  before: [place],
  act: shipIt,
  finals: moving("ship", "paid", "shipped")
}

const deliver: Scenario = {
  name: "deliver",
  title: "a delivery",
  mix: { approve: 1 },
  before: [place, shipIt],
  act: (customer, orderId) => customer.deliver(orderId),
  finals: moving("deliver", "shipped", "completed")
}

const refundInFull: Scenario = {
  name: "refund-in-full",
  title: "a refund in full with restock",
  mix: { approve: 1 },
  before: [place],
  act: (customer, orderId) => customer.refund(orderId, { amount: null, restock: "all" }),
  finals: moving("refund", "paid", "refunded")
}

const refundInPart: Scenario = {
  name: "refund-in-part",
  title: "a refund in part, one cup back",
  mix: { approve: 1 },
  before: [place],
  act: (customer, orderId) =>
    customer.refund(orderId, {
      amount: minor(1_000n),
      restock: [{ sku: Shop.cup, quantity: 1 }]
    }),
  finals: () => ["paid"]
}

const retried = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `${scenario.name}-retried`,
  title: `${scenario.title}, retried`,
  insists: true
})

/** The provider declines, the order is canceled, and then the money comes all the same. */
const captureOfCanceled: Scenario = {
  name: "capture-of-canceled",
  title: "a capture of a canceled order",
  mix: { decline: 1 },
  before: [place],
  act: Effect.fnUntraced(function* (_, orderId, { book, courier, outside }) {
    const { payments } = yield* Effect.orDie(Context.get(outside, Payments).ofOrder(orderId))
    const at = yield* Clock.currentTimeMillis
    for (const { amount, currency, paymentId } of payments) {
      const asked = { paymentId, amount, currency, settlesAt: null, capturedAt: null, reason: null }
      book.overrule({ ...asked, state: "declined" }, at)
      const captureId = `cap_${paymentId}`
      const capture = { captureId, paymentId, amount, currency, capturedAt: at }
      const event = { eventId: `evt_${paymentId}`, type: "payment.captured", paymentId } as const
      yield* courier.send({ ...event, capture }, 0)
    }
  }),
  finals: () => ["canceled"]
}

export const paidScenarios: ReadonlyArray<Scenario> = [
  ship,
  retried(ship),
  deliver,
  refundInFull,
  retried(refundInFull),
  refundInPart,
  retried(refundInPart),
  captureOfCanceled
]
