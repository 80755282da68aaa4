import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import type { CreateOrder, CreateOrderOutcome } from "@doorbuster/core/order/Orders"
import * as Effect from "effect/Effect"
import { bigintArray, integerArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { boolean, nullable, type Row, text } from "../rows.ts"
import * as statements from "./orderStatements.ts"
import { type SagaLock, sagaLocksOf } from "./sagaRows.ts"
import * as sagas from "./sagaStatements.ts"

/** Accounts have no space in them. */
const reference = (account: string, externalRef: string) => `${account} ${externalRef}`

const referenceOf = ({ order: { account, externalRef } }: CreateOrder): string | null =>
  externalRef === null ? null : reference(account, externalRef)

/** What stands already, and what the batch has added to it so far. */
class Standing {
  readonly #states = new Map<OrderId, OrderState>()
  readonly #references = new Map<string, OrderId>()

  constructor(rows: ReadonlyArray<Row>) {
    for (const row of rows) {
      const orderId = text(row, "order_id") as OrderId
      const externalRef = nullable(text, row, "external_ref")
      this.#states.set(orderId, text(row, "state") as OrderState)
      if (externalRef !== null) {
        this.#references.set(reference(text(row, "account"), externalRef), orderId)
      }
    }
  }

  /** The outcome where nothing has to be written. */
  find(item: CreateOrder): CreateOrderOutcome | undefined {
    const state = this.#states.get(item.order.orderId)
    if (state !== undefined) return { _tag: "Created", state }
    const taken = referenceOf(item)
    const orderId = taken === null ? undefined : this.#references.get(taken)
    return orderId === undefined ? undefined : { _tag: "ExternalRefTaken", orderId }
  }

  add(item: CreateOrder): CreateOrderOutcome {
    const state = "pending_payment"
    const taken = referenceOf(item)
    this.#states.set(item.order.orderId, state)
    if (taken !== null) this.#references.set(taken, item.order.orderId)
    return { _tag: "Created", state }
  }
}

const orderParameters = (items: ReadonlyArray<CreateOrder>) => {
  const orders = items.map(({ order }) => order)
  return [
    uuidArray(orders.map((order) => order.orderId)),
    textArray(orders.map((order) => order.account)),
    textArray(orders.map((order) => order.externalRef)),
    textArray(orders.map((order) => order.currency)),
    integerArray(items.map((item) => item.epoch)),
    bigintArray(orders.map((order) => order.itemsTotal)),
    bigintArray(orders.map((order) => order.discountTotal)),
    bigintArray(orders.map((order) => order.shippingTotal)),
    bigintArray(orders.map((order) => order.taxTotal)),
    bigintArray(orders.map((order) => order.includedTaxTotal)),
    bigintArray(orders.map((order) => order.total)),
    textArray(orders.map((order) => order.quote)),
    textArray(orders.map((order) => order.shipTo)),
    timestampArray(orders.map((order) => order.occurredAt)),
    timestampArray(items.map((item) => item.at))
  ]
}

const lineParameters = (items: ReadonlyArray<CreateOrder>) => {
  const lines = items.flatMap(({ order }) => order.lines)
  return [
    uuidArray(items.flatMap(({ order }) => order.lines.map(() => order.orderId))),
    integerArray(lines.map((line) => line.lineNo)),
    textArray(lines.map((line) => line.sku)),
    textArray(lines.map((line) => line.name)),
    textArray(lines.map((line) => line.kind)),
    integerArray(lines.map((line) => line.quantity)),
    bigintArray(lines.map((line) => line.unitPrice)),
    bigintArray(lines.map((line) => line.subtotal)),
    bigintArray(lines.map((line) => line.discount)),
    bigintArray(lines.map((line) => line.tax)),
    bigintArray(lines.map((line) => line.taxIncluded)),
    bigintArray(lines.map((line) => line.total))
  ]
}

const answerParameters = (
  items: ReadonlyArray<CreateOrder>,
  locks: ReadonlyMap<string, SagaLock>
) => {
  const keyed = items.flatMap(({ answer, order: { orderId } }) => {
    const lock = locks.get(orderId)
    return lock === undefined || lock.key === null ? [] : [{ ...lock, orderId, answer }]
  })
  return [
    textArray(keyed.map((item) => item.account)),
    textArray(keyed.map((item) => item.key)),
    uuidArray(keyed.map((item) => item.orderId)),
    integerArray(keyed.map((item) => item.answer.status)),
    textArray(keyed.map((item) => item.answer.body))
  ]
}

/** Two round trips: lock the sagas and look, then write and commit. */
const createUnderLocks = (db: Database, batch: ReadonlyArray<CreateOrder>) =>
  db.transaction("orders.create", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(batch.map(({ order }) => order.orderId))
      const referring = batch.filter(({ order }) => order.externalRef !== null)
      const accounts = textArray(referring.map(({ order }) => order.account))
      const references = textArray(referring.map(({ order }) => order.externalRef))
      const [lockRows = [], rows = []] = yield* tx.flight([
        [sagas.lock, [ids]],
        [statements.standing, [ids, accounts, references]]
      ])
      const locks = sagaLocksOf(lockRows)
      const standing = new Standing(rows)
      const fresh: Array<CreateOrder> = []
      const outcomes = batch.map((item): CreateOrderOutcome => {
        const lock = locks.get(item.order.orderId)
        if (lock !== undefined && lock.epoch > item.epoch) return { _tag: "Superseded" }
        const found = standing.find(item)
        if (found !== undefined) return found
        fresh.push(item)
        return standing.add(item)
      })
      if (fresh.length > 0) {
        const parameters = [...orderParameters(fresh), ...lineParameters(fresh)]
        yield* tx.finish(statements.create, [...parameters, ...answerParameters(fresh, locks)])
      }
      return outcomes
    })
  )

/** References may be taken by other orders, and twins must be told apart: both are looked at. */
const mayBeFresh = (batch: ReadonlyArray<CreateOrder>): boolean =>
  batch.every(({ order }) => order.externalRef === null) &&
  new Set(batch.map(({ order }) => order.orderId)).size === batch.length

/** One round trip where all orders are new, as they are when nothing has failed before. */
export const create = Effect.fnUntraced(function* (
  db: Database,
  batch: ReadonlyArray<CreateOrder>
) {
  if (!mayBeFresh(batch)) return yield* createUnderLocks(db, batch)
  const [row = {}] = yield* db.query("orders.create", statements.createFresh, [
    ...orderParameters(batch),
    ...lineParameters(batch),
    integerArray(batch.map(({ answer }) => answer.status)),
    textArray(batch.map(({ answer }) => answer.body))
  ])
  if (!boolean(row, "is_fit")) return yield* createUnderLocks(db, batch)
  return batch.map((): CreateOrderOutcome => ({ _tag: "Created", state: "pending_payment" }))
})
