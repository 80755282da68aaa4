import {
  Books,
  type CaptureReceipt,
  type Duplicate,
  type OrderBook
} from "@doorbuster/core/audit/Books"
import type { Currency } from "@doorbuster/core/money/Currency"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { BookRows, ReceiptRow } from "./BookRows.ts"
import { claimName } from "./closeSaga.ts"
import { MemoryStore } from "./MemoryStore.ts"
import { trialBalance } from "./moneyRows.ts"
import { stockBooks } from "./stockBooks.ts"

type OrdersRows = BookRows["orders"]
type MoneyRows = BookRows["money"]

const withoutPayload = ({ payload: _payload, ...saga }: SagaRecord) => saga

type Saga = OrderBook["sagas"][number]

const answersOf = (tables: OrdersRows, { account, key, kind, sagaId }: Saga) => {
  if (key === null || kind !== "checkout") return []
  const claim = tables.claims.get(claimName(account, key))
  return claim?.sagaId === sagaId && claim.answer !== null ? [claim.answer] : []
}

const captureOf = (receipt: ReceiptRow): CaptureReceipt => {
  const { amount, applied, captureId, currency, paymentId } = receipt
  return { captureId, paymentId, amount, currency: currency as Currency, applied }
}

const looseCaptures = ({ payments, receipts }: MoneyRows) =>
  [...receipts.values()].filter(({ paymentId }) => !payments.has(paymentId)).map(captureOf)

/** Every order id that any schema knows, with all that is kept under it. */
const orders = ({ inventory, money, orders: own }: BookRows) => {
  const sagas = new Map<OrderId, ReadonlyArray<Omit<SagaRecord, "payload">>>()
  for (const saga of own.sagas.values()) {
    sagas.set(saga.orderId, [...(sagas.get(saga.orderId) ?? []), withoutPayload(saga)])
  }
  const captures = Map.groupBy(money.receipts.values(), ({ paymentId }) => paymentId)
  const ids = new Set([
    ...own.orders.keys(),
    ...own.history.keys(),
    ...sagas.keys(),
    ...inventory.attempts.keys(),
    ...money.paymentsOfOrder.keys(),
    ...money.entriesOfOrder.keys()
  ])
  return [...ids].sort().map((orderId): OrderBook => {
    const paymentIds = money.paymentsOfOrder.get(orderId) ?? []
    const refundIds = paymentIds.flatMap((id) => money.refundsOfPayment.get(id) ?? [])
    const entryIds = money.entriesOfOrder.get(orderId) ?? []
    return {
      orderId,
      order: own.orders.get(orderId) ?? null,
      history: own.history.get(orderId) ?? [],
      shipments: own.shipments.get(orderId) ?? [],
      sagas: sagas.get(orderId) ?? [],
      answers: (sagas.get(orderId) ?? []).flatMap((saga) => answersOf(own, saga)),
      reservations: inventory.attempts.get(orderId)?.lines ?? [],
      payments: paymentIds.flatMap((id) => money.payments.get(id) ?? []),
      captures: paymentIds.flatMap((id) => (captures.get(id) ?? []).map(captureOf)),
      refunds: refundIds.flatMap((id) => money.refunds.get(id) ?? []),
      entries: entryIds.flatMap((id) => money.entries.get(id) ?? [])
    }
  })
}

/** Groups order ids by key or reference, each with the orders and captured payments behind it. */
const claims = (own: OrdersRows, money: MoneyRows) => {
  const groups = new Map<string, Set<OrderId>>()
  const add = (name: string, orderId: OrderId) =>
    groups.set(name, (groups.get(name) ?? new Set()).add(orderId))
  for (const { account, key, kind, orderId, state } of own.sagas.values()) {
    if (key === null || (kind !== "checkout" && state === "failed")) continue
    add(`key ${account} ${key}`, orderId)
  }
  for (const [name, { sagaId }] of own.claims) {
    const saga = own.sagas.get(sagaId)
    if (saga !== undefined) add(`key ${name}`, saga.orderId)
  }
  for (const { account, externalRef, orderId } of own.orders.values()) {
    if (externalRef !== null) add(`reference ${account} ${externalRef}`, orderId)
  }
  const isCaptured = (id: Uuid) => (money.payments.get(id)?.captured ?? 0n) > 0n
  const duplicates: Array<Duplicate> = []
  for (const [key, ids] of groups) {
    const made = [...ids].filter((id) => own.orders.has(id)).length
    const paid = [...ids].flatMap((id) => money.paymentsOfOrder.get(id) ?? []).filter(isCaptured)
    if (made > 1 || paid.length > 1) {
      duplicates.push({ key, orders: made, payments: paid.length })
    }
  }
  return { checked: groups.size, duplicates }
}

/**
 * The books over rows that are read anew each time a part of them is asked for; `now` is the
 * store's clock, epoch milliseconds. Each page is the whole, read in one turn of the event loop.
 */
export const booksOf = (rows: BookRows, now: Effect.Effect<number>): Books["Service"] =>
  Books.of({
    stock: Stream.suspend(() => Stream.fromIterable(stockBooks(rows.inventory))),
    orders: Stream.suspend(() => Stream.fromIterable(orders(rows))),
    looseEntries: Stream.suspend(() =>
      Stream.fromIterable([...rows.money.entries.values()].filter((e) => e.orderId === null))
    ),
    looseCaptures: Stream.suspend(() => Stream.fromIterable(looseCaptures(rows.money))),
    // Here an entry holds its postings.
    orphanPostings: Effect.succeed([]),
    trialBalance: Effect.sync(() => trialBalance(rows.money)),
    claims: Effect.sync(() => claims(rows.orders, rows.money)),
    now: Effect.map(now, (at) => {
      return { at, live: [...rows.orders.leases.values()].some((until) => until > at) }
    })
  })

/** The books of a memory store. */
export const layer: Layer.Layer<Books, never, MemoryStore> = Layer.effect(
  Books,
  Effect.map(MemoryStore, (store) => booksOf(store, Clock.currentTimeMillis))
)
