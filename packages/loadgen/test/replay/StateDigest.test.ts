import type { StockBook } from "@doorbuster/core/audit/Books"
import type { TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Order } from "@doorbuster/core/order/Order"
import { describe, expect, test } from "vitest"
import { StateDigest } from "../../src/replay/StateDigest.ts"

const order = {
  orderId: "019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f",
  account: "c1",
  externalRef: "536365",
  state: "paid",
  currency: "GBP",
  total: 1530n,
  refundedTotal: 0n,
  occurredAt: 1,
  lines: [{ lineNo: 1, sku: "85123A", name: "A light", quantity: 6, total: 1530n }]
} as unknown as Order

const stock = {
  key: "85123A",
  moved: 6,
  segments: [{ segment: 0, received: 6, reserved: 0, sold: 6 }]
} as unknown as StockBook

const row = {
  account: "assets:provider:sandbox",
  currency: "GBP",
  debit: 1530n,
  credit: 0n
} as unknown as TrialBalanceRow

const digestOf = (orders: ReadonlyArray<Order>, books = [stock], rows = [row]): string => {
  const digest = new StateDigest()
  for (const each of orders) digest.order(each)
  for (const each of books) digest.stock(each)
  digest.balance(rows)
  return digest.value()
}

const other = { ...order, externalRef: "536366" }
const whole = digestOf([order, other])

describe("the digest of a store's state", () => {
  test("does not depend on order, ids, times or names", () => {
    const id = "019317c2-7a80-7e02-8f3c-000000000000" as Order["orderId"]
    const renamed = order.lines.map((line) => ({ ...line, name: "A lamp" }))
    const twin = { ...order, orderId: id, occurredAt: 9, lines: renamed }
    expect(digestOf([other, twin])).toBe(whole)
  })

  test.each([
    ["the state", { state: "refunded" }],
    ["the account", { account: "c2" }],
    ["the refunded amount", { refundedTotal: 1n }],
    ["a line's units", { lines: order.lines.map((line) => ({ ...line, quantity: 5 })) }],
    ["a line's amount", { lines: order.lines.map((line) => ({ ...line, total: 1n })) }]
  ])("changes with %s of an order", (_, change) => {
    expect(digestOf([{ ...order, ...change } as unknown as Order, other])).not.toBe(whole)
  })

  test("changes with a missing order, a unit of stock and a penny of balance", () => {
    const sold = stock.segments.map((segment) => ({ ...segment, sold: 5 }))
    const changed = [
      digestOf([order]),
      digestOf([order, other], [{ ...stock, segments: sold }]),
      digestOf([order, other], [stock], [{ ...row, debit: 1531n } as TrialBalanceRow])
    ]
    expect(new Set([...changed, whole]).size).toBe(4)
  })
})
