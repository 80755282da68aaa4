import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/orderStatements.ts"
import type { Execution, Handler } from "../Execution.ts"
import {
  amounts,
  integers,
  nullableIntegers,
  nullableTexts,
  texts,
  times,
  uuids
} from "../parameters.ts"
import { answers, type KeyEnd } from "./answering.ts"
import { lockInOrder } from "./Matches.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import { type EventRow, joined, type LineRow, type OrderRow } from "./rows.ts"
import { unnest } from "./unnest.ts"

const standing =
  ({ orders }: OrdersTables): Handler =>
  (on, [ids, accounts, references]) => {
    const found = new Map<string, OrderRow>()
    for (const orderId of uuids(ids)) {
      const row = on.read(orders, orderId)
      if (row !== undefined) found.set(orderId, row)
    }
    for (const [account, reference] of unnest(nullableTexts(accounts), nullableTexts(references))) {
      if (account === null || reference === null) continue
      const value = joined(reference, account)
      for (const row of on.find(orders, "one_order_per_external_ref", value)) {
        found.set(row.orderId, row)
      }
    }
    return Array.from(found.values(), (row) => ({
      order_id: row.orderId,
      account: row.account,
      external_ref: row.externalRef,
      state: row.state
    }))
  }

type Parameters = ReadonlyArray<unknown>

/** The parameters $1 to $15. */
const ordersOf = (p: Parameters): ReadonlyArray<OrderRow> => {
  const [ids, ats] = [uuids(p[0]), times(p[14])]
  const sums = unnest(
    amounts(p[5]),
    amounts(p[6]),
    amounts(p[7]),
    amounts(p[8]),
    amounts(p[9]),
    amounts(p[10])
  ).map(([itemsTotal, discountTotal, shippingTotal, taxTotal, includedTaxTotal, total]) => ({
    itemsTotal,
    discountTotal,
    shippingTotal,
    taxTotal,
    includedTaxTotal,
    total
  }))
  return unnest(
    ids,
    texts(p[1]),
    nullableTexts(p[2]),
    texts(p[3]),
    integers(p[4]),
    sums,
    texts(p[11]),
    nullableTexts(p[12]),
    times(p[13]),
    ats
  ).map(
    ([orderId, account, externalRef, currency, sagaEpoch, sum, quote, shipTo, occurredAt, at]) => ({
      ...sum,
      orderId,
      account,
      externalRef,
      currency,
      state: "pending_payment",
      sagaEpoch,
      refundedTotal: 0n,
      lastSeq: 1,
      quote,
      shipTo,
      occurredAt,
      createdAt: at
    })
  )
}

/** The parameters $16 to $27. */
const linesOf = (p: ReadonlyArray<unknown>): ReadonlyArray<LineRow> =>
  unnest(
    uuids(p[15]),
    integers(p[16]),
    texts(p[17]),
    texts(p[18]),
    texts(p[19]),
    integers(p[20]),
    amounts(p[21]),
    amounts(p[22]),
    amounts(p[23]),
    amounts(p[24]),
    amounts(p[25]),
    amounts(p[26])
  ).map(
    ([
      orderId,
      lineNo,
      sku,
      name,
      kind,
      quantity,
      unitPrice,
      subtotal,
      discount,
      tax,
      taxIncluded,
      total
    ]) => ({
      orderId,
      lineNo,
      sku,
      name,
      kind,
      quantity,
      unitPrice,
      subtotal,
      discount,
      tax,
      taxIncluded,
      total
    })
  )

const placedBy = ({ createdAt, orderId }: OrderRow): EventRow => ({
  orderId,
  seq: 1,
  event: "Place",
  fromState: null,
  toState: "pending_payment",
  sagaId: orderId,
  at: createdAt
})

/** What nothing refers to runs when the main query is over, the last one first. */
function* write(on: Execution, { events, lines, orders }: OrdersTables, p: Parameters) {
  const made = ordersOf(p)
  for (const order of made) yield* on.insert(events, placedBy(order))
  for (const line of linesOf(p)) yield* on.insert(lines, line)
  for (const order of made) yield* on.insert(orders, order)
}

/** The main query answers the keys. */
const create = (tables: OrdersTables): Handler =>
  function* (on, p) {
    const ends = unnest(
      texts(p[27]),
      texts(p[28]),
      uuids(p[29]),
      nullableIntegers(p[30]),
      nullableTexts(p[31])
    )
    yield* answers(on, tables.keys, ends).update()
    yield* write(on, tables, p)
    return []
  }

/** All is found in the snapshot of the statement; only the sagas are as they are when locked. */
const createFresh = (tables: OrdersTables): Handler =>
  function* (on, p) {
    const ids = uuids(p[0])
    const locked = yield* lockInOrder(on, tables.sagas, ids)
    const epochs = new Map(unnest(ids, integers(p[4])))
    const isFit =
      locked.every(({ epoch, sagaId }) => epoch <= (epochs.get(sagaId) ?? 0)) &&
      ids.every((orderId) => on.read(tables.orders, orderId) === undefined)
    if (!isFit) return [{ is_fit: false }]
    const sagas = new Map(locked.map((saga) => [saga.sagaId, saga]))
    const ends = unnest(ids, integers(p[27]), nullableTexts(p[28])).flatMap(
      ([sagaId, status, body]): ReadonlyArray<KeyEnd> => {
        const { account, key = null } = sagas.get(sagaId) ?? {}
        return account === undefined || key === null ? [] : [[account, key, sagaId, status, body]]
      }
    )
    yield* answers(on, tables.keys, ends).update()
    yield* write(on, tables, p)
    return [{ is_fit: true }]
  }

/** How orders come to be. */
export const creatingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.standing, standing(tables)],
  [statements.create, create(tables)],
  [statements.createFresh, createFresh(tables)]
]
