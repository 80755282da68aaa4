/** Rows of orders, their history, sagas and keys that somebody changes by hand. */
import { forbidden, found, type Tampering } from "./tamperings.ts"

const setOrder = (what: string, story = "paid") =>
  `update orders.orders set ${what} where order_id = '{${story}}'`

const setLine = (what: string) =>
  `update orders.order_lines set ${what} where order_id = '{paid}' and line_no = 1`

const event = (seq: number, story = "paid") =>
  `orders.order_events where order_id = '{${story}}' and seq = ${seq}`

const setEvent = (what: string) => {
  const [table, row] = event(2).split(" where ")
  return `update ${table} set ${what} where ${row}`
}

/** A reopened saga needs a plan. */
const reopened = `update orders.sagas set state = 'open', closed_at = null, payload = '{}'`

const sums = "total_is_the_sum_of_its_parts"
const key = "key acc_paid paid"
const reference = "reference acc_paid ref-paid"
const twice = "account = 'acc_paid', external_ref = 'ref-paid'"
const uniqueReference = "one_order_per_external_ref"

export const orderTamperings: ReadonlyArray<Tampering> = [
  forbidden("an order's total", setOrder("total = total + 1"), sums),
  found("an order's total and items", setOrder("total = 6420, items_total = items_total + 1"), [
    "order.lines_sum",
    "{paid}",
    "total: 6420",
    "6419"
  ]),
  found(
    "an order's tax is called shipping",
    setOrder("tax_total = tax_total - 1, shipping_total = 1"),
    ["order.lines_sum", "{paid}", "shippingTotal: 1", "0"]
  ),
  found(
    "an order's currency",
    setOrder("currency = 'EUR'"),
    ["order.lines_sum", "{paid}", "currency: EUR", "GBP"],
    ["paid.once", "{paid}", "currency: GBP", "EUR"]
  ),
  found("an order's refunds, a unit more", setOrder("refunded_total = 1001", "partly"), [
    "ledger.matches_payments",
    "{partly}",
    "refunded: 1001",
    "1000"
  ]),
  found("an order's refunds, a unit less", setOrder("refunded_total = 6418", "refunded"), [
    "ledger.matches_payments",
    "{refunded}",
    "refunded: 6418",
    "6419"
  ]),
  found("refunds of an order that was never paid", setOrder("refunded_total = 1", "declined"), [
    "ledger.matches_payments",
    "{declined}",
    "refunded: 1",
    "0"
  ]),
  forbidden(
    "an order is refunded beyond its total",
    setOrder("refunded_total = 6420"),
    "refunds_within_the_total"
  ),
  found(
    "an order's quote",
    setOrder(`quote = replace(quote, '"total":"6419"', '"total":"6418"')`),
    ["order.lines_sum", "{paid}", "total: 6419", "6418"],
    ["order.lines_sum", "{paid}", "total: 6418*", "the quote's own trace"]
  ),
  found("a quote that is none", setOrder("quote = '{'"), [
    "order.lines_sum",
    "{paid}",
    "the quote cannot be read",
    "a quote"
  ]),
  found("an order's account", setOrder("account = 'acc_other'"), [
    "idempotency.one_effect",
    "{paid}",
    "account: acc_other",
    "acc_paid"
  ]),
  found("an order's reference", setOrder("external_ref = 'ref-other'"), [
    "idempotency.one_effect",
    "{paid}",
    "external_ref: ref-other",
    "ref-paid"
  ]),
  found("an order's reference is deleted", setOrder("external_ref = null"), [
    "idempotency.one_effect",
    "{paid}",
    "external_ref: null",
    "ref-paid"
  ]),
  found(
    "a checkout's account",
    "update orders.sagas set account = 'acc_other' where saga_id = '{paid}'",
    ["idempotency.one_effect", "{paid}", "account: acc_paid", "acc_other"]
  ),
  found("an order is deleted", "delete from orders.orders where order_id = '{paid}'", [
    "order.legal",
    "{paid}",
    "state: null",
    "paid"
  ]),
  found("a line's quantity", setLine("quantity = 2"), [
    "order.lines_sum",
    "{paid}/1",
    "quantity: 2",
    "1"
  ]),
  forbidden("a line's total", setLine("total = total + 1"), sums),
  found("a line's total and tax", setLine("total = total + 1, tax = tax + 1"), [
    "order.lines_sum",
    "{paid}/1",
    "total: 6000",
    "5999"
  ]),
  found("a line's price", setLine("unit_price = 5000"), [
    "order.lines_sum",
    "{paid}/1",
    "unitPrice: 5000",
    "4999"
  ]),
  found("a line's SKU", setLine("sku = 'CUP'"), [
    "order.lines_sum",
    "{paid}/1",
    "sku: CUP",
    "TEAPOT"
  ]),
  found("a line needs no stock any more", setLine("kind = 'service'"), [
    "order.lines_sum",
    "{paid}/1",
    "kind: service",
    "stocked"
  ]),
  found(
    "a line is deleted",
    "delete from orders.order_lines where order_id = '{paid}' and line_no = 1",
    ["order.lines_sum", "{paid}", "lines: 1", "2"]
  ),
  found("the last event is deleted", `delete from ${event(2)}`, [
    "order.legal",
    "{paid}",
    "state: paid",
    "pending_payment"
  ]),
  found("an event in the middle is deleted", `delete from ${event(2, "shipped")}`, [
    "order.legal",
    "{shipped}",
    "seq: 3",
    "2"
  ]),
  found("an event that kept the state is deleted", `delete from ${event(3, "partly")}`, [
    "order.legal",
    "{partly}",
    "events of a partial refund: 0",
    "1"
  ]),
  found("an event's target", setEvent("to_state = 'canceled'"), [
    "order.legal",
    "{paid}",
    "Capture leads to: canceled",
    "paid"
  ]),
  found("an event's name", setEvent("event = 'Cancel'"), [
    "order.legal",
    "{paid}",
    "Cancel leads to: paid",
    "canceled"
  ]),
  found(
    "a shipment that never left",
    `update orders.shipments set state = 'requested', shipped_at = null
      where order_id = '{shipped}'`,
    ["ledger.matches_payments", "{shipped.payment}", "recognised though not shipped: 1", "0"]
  ),
  found(
    "a saga is open beyond its deadline",
    `${reopened}, deadline_at = now() - interval '1 hour' where saga_id = '{paid}'`,
    ["saga.ends", "{paid}", "checkout open since *", "ended by * or listed as stuck"]
  ),
  found(
    "a key points at another order",
    "update orders.idempotency_keys set order_id = '{shipped}' where key = 'paid'",
    ["idempotency.one_effect", key, "2 orders, 2 payments", "one at most"]
  ),
  found(
    "a key points at another saga",
    "update orders.idempotency_keys set saga_id = '{shipped}' where key = 'paid'",
    ["idempotency.one_effect", key, "2 orders, 2 payments", "one at most"]
  ),
  found(
    "a refund's key points at another order",
    "update orders.idempotency_keys set order_id = '{paid}' where key = 'refund-1'",
    ["idempotency.one_effect", "key staff refund-1", "2 orders, 2 payments", "one at most"]
  ),
  forbidden("a reference stands for two orders", setOrder(twice, "shipped"), uniqueReference),
  {
    ...found(
      "a reference stands for two orders, the index gone",
      `drop index orders.${uniqueReference}; ${setOrder(twice, "shipped")}`,
      ["idempotency.one_effect", reference, "2 orders, 2 payments", "one at most"]
    ),
    undo: `create unique index ${uniqueReference} on orders.orders (external_ref, account)
      where external_ref is not null`
  }
]
