import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/orderStatements.ts"
import type { Handler } from "../Execution.ts"
import {
  amounts,
  integers,
  nullableIntegers,
  nullableTexts,
  texts,
  times,
  uuids
} from "../parameters.ts"
import { answers } from "./answering.ts"
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

/** The parameters $1 to $15. */
const ordersOf = (p: ReadonlyArray<unknown>): ReadonlyArray<OrderRow> => {
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
      createdAt: at,
      updatedAt: at
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

/**
 * The executor runs the main query, which answers the keys, and then the CTEs that nothing refers
 * to, the last one first: events, lines, orders.
 */
const create = ({ events, keys, lines, orders }: OrdersTables): Handler =>
  function* (on, p) {
    const made = ordersOf(p)
    const ends = unnest(
      texts(p[27]),
      texts(p[28]),
      uuids(p[29]),
      nullableIntegers(p[30]),
      nullableTexts(p[31])
    )
    yield* answers(on, keys, ends).update()
    for (const order of made) yield* on.insert(events, placedBy(order))
    for (const line of linesOf(p)) yield* on.insert(lines, line)
    for (const order of made) yield* on.insert(orders, order)
    return []
  }

/** How orders come to be. */
export const creatingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.standing, standing(tables)],
  [statements.create, create(tables)]
]
