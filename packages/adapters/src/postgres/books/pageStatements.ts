/**
 * A page is a range of order ids, `$1 < order_id <= $2`: every table is read along an index, and
 * rows that only one table knows are in it like all others.
 */
import type { Statement } from "../Database.ts"
import { paymentColumns, refundColumns } from "../money/paymentStatements.ts"
import { orderColumns } from "../orders/orderStatements.ts"
import { sagaColumns } from "../orders/sagaStatements.ts"
import { captureColumns } from "./captureRows.ts"

/** The next ids that any of these tables knows; a table is read no further than the page goes. */
const idsOf = (name: string, tables: ReadonlyArray<string>): Statement => ({
  name,
  text: `
    select order_id from (
      ${tables
        .map(
          (table) => `(
            select distinct order_id from ${table} where order_id > $1::uuid
            order by order_id limit $2::integer
          )`
        )
        .join(" union ")}
    ) as ids
    order by order_id limit $2::integer`
})

export const orderIds = idsOf("books.order_ids", [
  "orders.orders",
  "orders.order_events",
  "orders.sagas"
])
export const moneyIds = idsOf("books.money_ids", [
  "money.payments",
  "money.refunds",
  "money.entries"
])
export const fenceIds = idsOf("books.fence_ids", ["inventory.fences"])

const page = (name: string, columns: string, table: string, order: string): Statement => ({
  name: `books.page.${name}`,
  text: `
    select ${columns} from ${table}
    where order_id > $1::uuid and order_id <= $2::uuid
    order by ${order}`
})

const lineColumns = `order_id, line_no, sku, name, kind, quantity, unit_price::text,
  subtotal::text, discount::text, tax::text, tax_included::text, total::text`

export const orders = page("orders", orderColumns, "orders.orders", "order_id")
export const lines = page("lines", lineColumns, "orders.order_lines", "order_id, line_no")
export const events = page(
  "events",
  "order_id, seq, event, from_state, to_state, saga_id, at",
  "orders.order_events",
  "order_id, seq"
)
export const shipments = page(
  "shipments",
  "order_id, shipment_id, state, carrier, tracking, requested_at, shipped_at, delivered_at",
  "orders.shipments",
  "order_id, shipment_id"
)
/** Without payloads: only the steps need them. */
export const sagas = page(
  "sagas",
  sagaColumns.replace("coalesce(payload, '') as payload", "'' as payload"),
  "orders.sagas",
  "order_id, saga_id"
)
/** A key that another saga holds by now tells nothing of this one. */
export const answers: Statement = {
  name: "books.page.answers",
  text: `
    select s.order_id, k.status, k.body
    from orders.sagas s join orders.idempotency_keys k
      on k.account = s.account and k.key = s.key and k.saga_id = s.saga_id
    where s.order_id > $1::uuid and s.order_id <= $2::uuid
      and s.kind = 'checkout' and k.body is not null
    order by s.order_id, s.saga_id`
}
export const payments = page("payments", paymentColumns, "money.payments", "order_id, payment_id")
export const captures: Statement = {
  name: "books.page.captures",
  text: `
    select p.order_id, ${captureColumns}
    from money.payments p join money.receipts r using (payment_id)
    where p.order_id > $1::uuid and p.order_id <= $2::uuid
    order by p.order_id, r.capture_id`
}
export const refunds = page("refunds", refundColumns, "money.refunds", "order_id, refund_id")
export const entries = page(
  "entries",
  "entry_id, kind, currency, order_id, payment_id, memo, occurred_at",
  "money.entries",
  "order_id, entry_id"
)
export const reservations = page(
  "reservations",
  "order_id, sku, segment, quantity, returned, state, expires_at",
  "inventory.reservations",
  "order_id, sku, segment"
)
