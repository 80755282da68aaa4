/** A small shop on a real Postgres in which everything has happened once, and is in order. */

import { ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { badDebtPostings, unmatchedRefundPostings } from "@doorbuster/core/ledger/templates"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { Payments } from "@doorbuster/core/payment/Payments"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Console } from "../../../../test/servers/Console.ts"
import type { Ground } from "../../src/crash/Ground.ts"
import * as World from "./world.ts"

export const rare = Sku.make("RARE")
const staff = "staff" as AccountId

/** What the orders are called here, by what became of them. */
export const stories = [
  "paid",
  "coupon",
  "limited",
  "free",
  "shipped",
  "completed",
  "partly",
  "refunded",
  "declined",
  "late"
] as const
export type Story = (typeof stories)[number]

const half = {
  type: "order_percent",
  id: "half",
  name: "Half of it",
  priority: 1,
  exclusive: false,
  stackable: true,
  on: "all",
  percent: "50" as never,
  coupon: { code: CouponCode.make("HALF"), maxUses: 1 },
  validFrom: null,
  validTo: null
} as const

/** A thing that one account may buy two of, a debt that nobody pays, a refund of no sale. */
const furnish = Effect.gen(function* () {
  const [catalog, inventory, payments] = [yield* Catalog, yield* Inventory, yield* Payments]
  const gbp = Currency.make("GBP")
  yield* catalog.save({
    products: [
      {
        sku: rare,
        name: rare,
        kind: "stocked",
        listed: true,
        taxCategory: "standard",
        purchaseLimit: 2
      }
    ],
    prices: [
      {
        sku: rare,
        currency: gbp,
        amount: minor(20_000n),
        validFrom: null,
        validTo: null,
        kind: "regular"
      }
    ]
  })
  const receipt = { movementId: namedUuid("rare"), key: ofSku(rare), kind: "receipt" } as const
  yield* inventory.move([{ ...receipt, quantity: 5, reason: "first delivery", occurredAt: 0 }])
  const noOrder = { currency: gbp, orderId: null, paymentId: null, occurredAt: 0 } as const
  yield* payments.post([
    {
      ...noOrder,
      entryId: "adjustment:debt",
      kind: "bad_debt",
      memo: "never paid",
      postings: badDebtPostings("sandbox", minor(700n))
    },
    {
      ...noOrder,
      entryId: "adjustment:gift",
      kind: "unmatched_refund",
      memo: "given back all the same",
      postings: unmatchedRefundPostings("sandbox", minor(300n))
    }
  ])
})

const request = (orderId: OrderId, key: string) => ({
  orderId,
  account: staff,
  key,
  fingerprint: key,
  occurredAt: null
})
const parcel = { carrier: "Royal Mail", tracking: "RM1" }

const linesOf = (story: Story) => {
  const line = (sku: Sku, quantity: number) => ({ sku, quantity: Quantity.make(quantity) })
  if (story === "free") return [line(World.postage, 1)]
  if (story === "limited") return [line(rare, 2)]
  return [line(World.teapot, 1), line(World.cup, 1)]
}

export type Ids = Readonly<Record<Story, OrderId>>

export const open = Effect.fnUntraced(function* (ground: Ground, console: Console) {
  const world = yield* World.open(approveAll, { ground, promotions: [half] })
  const strict = yield* World.open({ seed: "no", mix: { decline: 1 } }, { ground })
  yield* Effect.provideContext(furnish, world.outside)
  const workers = [new ProcessFaults(null), new ProcessFaults(null)] as const
  const process = yield* world.start(workers[0])
  const refusing = yield* strict.start(workers[1])

  const place = Effect.fnUntraced(function* (story: Story) {
    const by = story === "declined" || story === "late" ? refusing : process
    const told = yield* Context.get(by, Checkout).place(
      World.order({
        account: `acc_${story}` as AccountId,
        key: story,
        fingerprint: story,
        externalRef: `ref-${story}`,
        lines: linesOf(story),
        coupons: story === "coupon" ? [CouponCode.make("HALF")] : []
      })
    )
    return (JSON.parse(told.answer.body) as { order_id: OrderId }).order_id
  })
  const ids = {} as Record<Story, OrderId>
  for (const story of stories) ids[story] = yield* place(story)
  yield* World.settleAll(world)

  const fulfillment = Context.get(process, Fulfillment)
  const refunds = Context.get(process, Refunds)
  yield* fulfillment.ship({ ...request(ids.shipped, "ship-1"), ...parcel })
  yield* fulfillment.ship({ ...request(ids.completed, "ship-2"), ...parcel })
  yield* fulfillment.deliver({ ...request(ids.completed, "deliver"), ...parcel })
  const partly = { ...request(ids.partly, "refund-1"), amount: minor(1_000n) }
  yield* refunds.refund({ ...partly, restock: [{ sku: World.cup, quantity: 1 }] })
  yield* refunds.refund({ ...request(ids.refunded, "refund-2"), amount: null, restock: "all" })

  // The provider took the money after all; it came too late and goes back.
  const [payment] = (yield* Context.get(world.outside, Payments).ofOrder(ids.late)).payments
  const { amount, currency, paymentId } = payment ?? (yield* Effect.die("no late payment"))
  yield* console.query(`update sandbox.payments set state = 'captured', captured_at = now()
    where payment_id = '${paymentId}'`)
  const capture = { captureId: `cap_${paymentId}`, paymentId, amount, currency, capturedAt: 1 }
  const event = { eventId: "late", type: "payment.captured", paymentId, capture } as const
  yield* Context.get(process, PaymentEvents).receive(event)
  yield* World.settleAll(world)
  // From now on nobody is there to mend what is broken.
  for (const worker of workers) worker.kill()
  return { world, ids: ids as Ids }
})

/**
 * What the ids of a shop are called where somebody tampers with it: `{paid}` is the order's,
 * `{paid.payment}`, `{paid.shipment}` and `{partly.refund}` those of what belongs to it.
 */
export const idsByName = Effect.fnUntraced(function* (console: Console, ids: Ids) {
  const names = new Map<string, string>(stories.map((story) => [story, ids[story]]))
  const kinds = { payment: "money.payments", shipment: "orders.shipments", refund: "money.refunds" }
  for (const [kind, table] of Object.entries(kinds)) {
    const rows = yield* console.query(`select order_id, ${kind}_id as id from ${table}`)
    for (const { id, order_id } of rows) {
      const story = stories.find((story) => ids[story] === order_id)
      names.set(`${story}.${kind}`, id as string)
    }
  }
  return (text: string) =>
    text.replaceAll(/\{([\w.]+)\}/g, (_, name: string) => {
      const id = names.get(name)
      if (id === undefined) throw new Error(`nothing is called {${name}}`)
      return id
    })
})
