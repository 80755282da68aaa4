import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import type { CreateOrder, CreateOrderOutcome } from "@doorbuster/core/order/Orders"
import * as Effect from "effect/Effect"
import { textArray, timestampArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { nullable, plainArray, type Row, text } from "../rows.ts"
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
    plainArray(orders.map((order) => order.orderId)),
    textArray(orders.map((order) => order.account)),
    textArray(orders.map((order) => order.externalRef)),
    textArray(orders.map((order) => order.currency)),
    plainArray(items.map((item) => item.epoch)),
    plainArray(orders.map((order) => order.itemsTotal)),
    plainArray(orders.map((order) => order.discountTotal)),
    plainArray(orders.map((order) => order.shippingTotal)),
    plainArray(orders.map((order) => order.taxTotal)),
    plainArray(orders.map((order) => order.includedTaxTotal)),
    plainArray(orders.map((order) => order.total)),
    textArray(orders.map((order) => order.quote)),
    textArray(orders.map((order) => order.shipTo)),
    timestampArray(orders.map((order) => order.occurredAt)),
    timestampArray(items.map((item) => item.at))
  ]
}

const lineParameters = (items: ReadonlyArray<CreateOrder>) => {
  const lines = items.flatMap(({ order }) => order.lines)
  return [
    plainArray(items.flatMap(({ order }) => order.lines.map(() => order.orderId))),
    plainArray(lines.map((line) => line.lineNo)),
    textArray(lines.map((line) => line.sku)),
    textArray(lines.map((line) => line.name)),
    textArray(lines.map((line) => line.kind)),
    plainArray(lines.map((line) => line.quantity)),
    plainArray(lines.map((line) => line.unitPrice)),
    plainArray(lines.map((line) => line.subtotal)),
    plainArray(lines.map((line) => line.discount)),
    plainArray(lines.map((line) => line.tax)),
    plainArray(lines.map((line) => line.taxIncluded)),
    plainArray(lines.map((line) => line.total))
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
    plainArray(keyed.map((item) => item.orderId)),
    plainArray(keyed.map((item) => item.answer.status)),
    textArray(keyed.map((item) => item.answer.body))
  ]
}

/** Two round trips: lock the sagas and look, then write and commit. */
export const create = (db: Database, batch: ReadonlyArray<CreateOrder>) =>
  db.transaction("orders.create", (tx) =>
    Effect.gen(function* () {
      const ids = plainArray(batch.map(({ order }) => order.orderId))
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
