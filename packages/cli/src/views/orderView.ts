import {
  orderView as orderWire,
  shipmentView as shipmentWire
} from "@doorbuster/adapters/http/wire/OrderView"
import type { Order, Shipment } from "@doorbuster/core/order/Order"
import { formatAmount, formatCount, formatMoney } from "./money.ts"
import { facts, table } from "./table.ts"
import { formatTime } from "./time.ts"

/** As the HTTP API shows it, with its shipments. */
export const orderJson = (order: Order, shipments: ReadonlyArray<Shipment>) => ({
  ...orderWire(order),
  shipments: shipments.map(shipmentWire)
})

const lineColumns = [
  { title: "#", align: "right" },
  { title: "sku" },
  { title: "name" },
  { title: "units", align: "right" },
  { title: "price", align: "right" },
  { title: "discount", align: "right" },
  { title: "total", align: "right" }
] as const

const shipmentText = ({ carrier, state, tracking }: Shipment): string =>
  [state, carrier, tracking].filter((part) => part !== null).join(" ")

export const orderHead = (order: Order): ReadonlyArray<readonly [string, string]> => [
  ["order", order.orderId],
  ["state", order.state],
  ["account", order.account],
  ["reference", order.externalRef ?? "-"],
  ["placed for", `${formatTime(order.occurredAt)} UTC`]
]

export const orderView = (order: Order, shipments: ReadonlyArray<Shipment>): string => {
  const money = (amount: bigint) => formatAmount(amount, order.currency)
  const rows = order.lines.map((line) => [
    String(line.lineNo),
    line.sku,
    line.name,
    formatCount(line.quantity),
    money(line.unitPrice),
    money(line.discount),
    money(line.total)
  ])
  const totals: ReadonlyArray<readonly [string, bigint]> = [
    ["items", order.itemsTotal],
    ["discount", -order.discountTotal],
    ["shipping", order.shippingTotal],
    ["tax", order.taxTotal],
    ["total", order.total],
    ["of which tax included", order.includedTaxTotal],
    ["refunded", order.refundedTotal]
  ]
  const shown = totals.filter(([name, amount]) => amount !== 0n || name === "total")
  const sums = table(
    [{ title: "" }, { title: "", align: "right" }],
    shown.map(([name, amount]) => [name, formatMoney(amount, order.currency)])
  )
  const sent = shipments.map(shipmentText).join("; ")
  const head = facts([...orderHead(order), ["shipment", sent === "" ? "-" : sent]])
  return [head, table(lineColumns, rows), sums].join("\n\n")
}

const listColumns = [
  { title: "order" },
  { title: "placed for (UTC)" },
  { title: "state" },
  { title: "account" },
  { title: "reference" },
  { title: "lines", align: "right" },
  { title: "total", align: "right" },
  { title: "refunded", align: "right" },
  { title: "" }
] as const

export const orderListView = (orders: ReadonlyArray<Order>): string =>
  orders.length === 0
    ? "no order fits"
    : table(
        listColumns,
        orders.map((order) => [
          order.orderId,
          formatTime(order.occurredAt),
          order.state,
          order.account,
          order.externalRef ?? "-",
          formatCount(order.lines.length),
          formatAmount(order.total, order.currency),
          formatAmount(order.refundedTotal, order.currency),
          order.currency
        ])
      )
