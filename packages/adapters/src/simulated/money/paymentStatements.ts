/** Payments: written once, sent by one conditional update, and read under their locks. */
import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/money/paymentStatements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { amounts, asText, asUuid, integers, texts, times, uuids } from "../parameters.ts"
import type { Slot } from "../Table.ts"
import { by, paymentAnswer } from "./answers.ts"
import type { MoneyTables, PaymentRow } from "./MoneyTables.ts"

const rowsToInsert = (parameters: ReadonlyArray<unknown>): ReadonlyArray<PaymentRow> => {
  const orders = uuids(parameters[1])
  const epochs = integers(parameters[2])
  const providers = texts(parameters[3])
  const currencies = texts(parameters[4])
  const [total, sales, discounts, shipping, tax] = [5, 6, 7, 8, 9].map((at) =>
    amounts(parameters[at])
  ) as [bigint[], bigint[], bigint[], bigint[], bigint[]]
  const at = times(parameters[10])
  const state = asText(parameters[11])
  return uuids(parameters[0]).map((paymentId, i) => ({
    paymentId,
    orderId: orders[i] as string,
    epoch: epochs[i] as number,
    provider: providers[i] as string,
    currency: currencies[i] as string,
    amount: total[i] as bigint,
    sales: sales[i] as bigint,
    discounts: discounts[i] as bigint,
    shipping: shipping[i] as bigint,
    tax: tax[i] as bigint,
    state,
    declineReason: null,
    captured: 0n,
    unapplied: 0n,
    intended: 0n,
    refunded: 0n,
    unappliedRefunded: 0n,
    taxRefunded: 0n,
    deferred: 0n,
    createdAt: at[i] as number,
    updatedAt: at[i] as number
  }))
}

/** By the statement's snapshot, also where a row is judged anew. */
const isFenced = (on: Execution, tables: MoneyTables, orderId: string, epoch: number): boolean => {
  const fence = on.read(tables.fences, orderId)
  return fence !== undefined && fence.epoch > epoch
}

const create = (tables: MoneyTables): Handler =>
  function* (on, parameters) {
    const rows = rowsToInsert(parameters)
      .filter(({ epoch, orderId }) => !isFenced(on, tables, orderId, epoch))
      .sort(by(({ paymentId }) => paymentId))
    const made: Array<Row> = []
    for (const row of rows) {
      if ((yield* on.insertOr(tables.payments, row)) !== undefined) continue
      made.push({ payment_id: row.paymentId })
    }
    return made
  }

const insert = (tables: MoneyTables): Handler =>
  function* (on, parameters) {
    for (const row of rowsToInsert(parameters)) yield* on.insert(tables.payments, row)
    return []
  }

/** In the order of the parameters, which the adapter has sorted by id. */
const send = (tables: MoneyTables): Handler =>
  function* (on, [ids, orders, epochs]) {
    const orderIds = uuids(orders)
    const epochOf = integers(epochs)
    const found: Array<readonly [Slot<PaymentRow>, number]> = []
    uuids(ids).forEach((paymentId, i) => {
      const epoch = epochOf[i] as number
      const slot = tables.payments.slot(paymentId)
      const row = on.seen(slot)
      if (slot === undefined || row?.state !== "created" || row.epoch > epoch) return
      if (!isFenced(on, tables, orderIds[i] as string, epoch)) found.push([slot, epoch])
    })
    const sent = new Set<Slot<PaymentRow>>()
    for (const [slot, epoch] of found) {
      // A row that this statement has changed is not changed again.
      if (sent.has(slot)) continue
      const row = yield* on.update(
        slot,
        (row) => row.state === "created" && row.epoch <= epoch,
        (row) => ({ ...row, state: "capture_sent", epoch, updatedAt: on.now })
      )
      if (row !== undefined) sent.add(slot)
    }
    return [...sent].map(({ key }) => ({ payment_id: key }))
  }

const always = (): boolean => true

/** Locks what was found, by ascending id, and answers what is still meant, as it is by then. */
export function* lockSorted(
  on: Execution,
  slots: ReadonlyArray<Slot<PaymentRow>>,
  where: (row: PaymentRow) => boolean = always
): Doing<ReadonlyArray<PaymentRow>> {
  const rows: Array<PaymentRow> = []
  for (const slot of [...slots].sort(by(({ key }) => key))) {
    const row = yield* on.lock(slot, where)
    if (row !== undefined) rows.push(row)
  }
  return rows
}

/** The payments among these that this statement sees, each once. */
export const paymentSlots = (
  on: Execution,
  tables: MoneyTables,
  ids: Iterable<string>
): ReadonlyArray<Slot<PaymentRow>> =>
  [...new Set(ids)].flatMap((id) => {
    const slot = tables.payments.slot(id)
    return slot === undefined || on.seen(slot) === undefined ? [] : [slot]
  })

/** The payments of these orders that this statement sees. */
export const slotsOfOrders = (
  on: Execution,
  tables: MoneyTables,
  orders: unknown,
  where: (row: PaymentRow) => boolean = always
): ReadonlyArray<Slot<PaymentRow>> =>
  [...new Set(uuids(orders))].flatMap((orderId) =>
    on.slots(tables.payments, "payments_of_order", orderId, where)
  )

const lock = (tables: MoneyTables): Handler =>
  function* (on, [ids]) {
    const rows = yield* lockSorted(on, paymentSlots(on, tables, uuids(ids)))
    return rows.map(paymentAnswer)
  }

const isCaptured = ({ state }: PaymentRow): boolean => state === "captured"

const lockOfOrders = (tables: MoneyTables): Handler =>
  function* (on, [orders]) {
    const slots = slotsOfOrders(on, tables, orders, isCaptured)
    return (yield* lockSorted(on, slots, isCaptured)).map(paymentAnswer)
  }

const find =
  (tables: MoneyTables): Handler =>
  (on, [id]) => {
    const row = on.read(tables.payments, asUuid(id))
    return row === undefined ? [] : [paymentAnswer(row)]
  }

const ofOrders =
  (tables: MoneyTables): Handler =>
  (on, [orders]) =>
    slotsOfOrders(on, tables, orders)
      .map((slot) => on.seen(slot) as PaymentRow)
      .sort(by(({ paymentId }) => paymentId))
      .map(paymentAnswer)

export const paymentHandlers = (
  tables: MoneyTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.create, create(tables)],
  [statements.insert, insert(tables)],
  [statements.send, send(tables)],
  [statements.lock, lock(tables)],
  [statements.lockOfOrders, lockOfOrders(tables)],
  [statements.find, find(tables)],
  [statements.ofOrders, ofOrders(tables)]
]
