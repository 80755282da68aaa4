import type { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { NewOrder, OrderLine } from "@doorbuster/core/order/Order"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import { type CreateOrder, type Move, Orders } from "@doorbuster/core/order/Orders"
import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import { type OpenSaga, Sagas } from "@doorbuster/core/order/Sagas"
import { nextUuid, type Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { freshAccount, freshName, freshOrder } from "../fresh.ts"

export const euro = "EUR" as Currency

/** Longer than any test runs, so that nobody takes over what a test has not let go. */
const leaseMs = 600_000

/** A worker that is alive until further notice. */
export const liveWorker = Effect.gen(function* () {
  const sagas = yield* Sagas
  const worker = yield* freshName("worker")
  yield* sagas.lease(worker, leaseMs)
  return worker
})

/** A checkout that a live worker could open, with a key of its own. */
export const checkout = Effect.gen(function* () {
  const orderId = yield* freshOrder
  const at = yield* Clock.currentTimeMillis
  const request: OpenSaga = {
    sagaId: orderId,
    kind: "checkout",
    orderId,
    account: yield* freshAccount,
    key: yield* freshName("key"),
    fingerprint: "body-1",
    payload: '{"step":1}',
    worker: yield* liveWorker,
    at,
    deadlineAt: at + leaseMs
  }
  return request
})

/** Such a checkout, opened. */
export const opened = Effect.gen(function* () {
  const sagas = yield* Sagas
  const request = yield* checkout
  const [outcome] = yield* sagas.open([request])
  if (outcome?._tag !== "Opened") return yield* Effect.die(`not opened: ${outcome?._tag}`)
  return request
})

/** A further saga about an order: what a ship, a delivery or a refund runs as. */
export const openedFor = Effect.fnUntraced(function* (orderId: OrderId, account: AccountId) {
  const sagas = yield* Sagas
  const base = yield* checkout
  const sagaId = yield* nextUuid
  const request: OpenSaga = { ...base, sagaId, kind: "refund", orderId, account, key: null }
  yield* sagas.open([request])
  return request
})

const line = (lineNo: number, quantity: number): OrderLine => ({
  lineNo,
  sku: `CONTRACT-${lineNo}`,
  name: "Lamp, red",
  kind: lineNo === 1 ? "stocked" : "service",
  quantity,
  unitPrice: minor(500n),
  subtotal: minor(500n * BigInt(quantity)),
  discount: minor(100n),
  tax: minor(80n),
  taxIncluded: minor(0n),
  total: minor(500n * BigInt(quantity) - 20n)
})

export const newOrder = (orderId: OrderId, account: AccountId, at: number): NewOrder => ({
  orderId,
  account,
  externalRef: null,
  currency: euro,
  lines: [line(1, 3), line(2, 1)],
  itemsTotal: minor(2000n),
  discountTotal: minor(200n),
  taxTotal: minor(160n),
  shippingTotal: minor(300n),
  includedTaxTotal: minor(0n),
  total: minor(2260n),
  quote: '{"trace":[]}',
  shipTo: null,
  occurredAt: at
})

export const answer: StoredAnswer = { status: 201, body: '{"order":"made"}' }

export const creation = (saga: OpenSaga, change: Partial<NewOrder> = {}): CreateOrder => ({
  order: { ...newOrder(saga.orderId, saga.account, saga.at), ...change },
  epoch: 1,
  at: saga.at,
  answer
})

/** An opened checkout whose order is made. */
export const placed = Effect.gen(function* () {
  const orders = yield* Orders
  const saga = yield* opened
  const [outcome] = yield* orders.create([creation(saga)])
  if (outcome?._tag !== "Created") return yield* Effect.die(`not created: ${outcome?._tag}`)
  return saga
})

export const moveOf = (
  orderId: OrderId,
  sagaId: Uuid,
  event: Move["event"],
  change: Partial<Move> = {}
): Move => ({ orderId, sagaId, event, epoch: 1, at: 1_700_000_000_000, ...change })

/** How to come from a new order to each state. */
const paths: Readonly<Record<OrderState, ReadonlyArray<Move["event"]>>> = {
  pending_payment: [],
  paid: ["Capture"],
  shipped: ["Capture", "Ship"],
  completed: ["Capture", "Ship", "Deliver"],
  canceled: ["Cancel"],
  refunded: ["Capture", "Refund"]
}

/** An order in that state, its checkout still open. */
export const orderIn = Effect.fnUntraced(function* (state: OrderState) {
  const orders = yield* Orders
  const saga = yield* placed
  for (const event of paths[state]) {
    const [outcome] = yield* orders.move([moveOf(saga.orderId, saga.sagaId, event)])
    if (outcome?._tag !== "Moved") return yield* Effect.die(`${event}: ${outcome?._tag}`)
  }
  return saga
})

/** How such a saga ends, without an answer. */
export const endOf = (saga: OpenSaga, epoch: number, as: "done" | "failed" = "done") => ({
  sagaId: saga.sagaId,
  epoch,
  at: saga.at + 1,
  as,
  error: as === "failed" ? "declined" : null,
  answer: null
})
