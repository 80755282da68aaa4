import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { DecimalString } from "@doorbuster/core/money/Decimal"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { matchCancellations } from "../../src/matching/matchCancellations.ts"
import { lineAmount } from "../../src/trace/lineAmount.ts"
import type { TraceLine, TraceOrder } from "../../src/trace/TraceLine.ts"

interface Draft {
  readonly kind: "sale" | "cancellation"
  readonly sku: string
  readonly units: number
  readonly price: string
  readonly stocked?: boolean
}

/** Orders in their order, each of one customer; references count from 0. */
const ordersOf = (
  drafts: ReadonlyArray<{ readonly customer: string; readonly lines: ReadonlyArray<Draft> }>
): ReadonlyArray<TraceOrder> => {
  let fileLine = 1
  return drafts.map(({ customer, lines }, index) => ({
    ref: `${index}`,
    at: index * 60_000,
    country: "",
    lines: lines.map(
      ({ kind, price, sku, stocked = true, units }, position): TraceLine => ({
        fileLine: ++fileLine,
        lineNo: position + 1,
        kind,
        stocked,
        sku: sku as Sku,
        qty: kind === "sale" ? units : -units,
        unitPrice: price as DecimalString,
        customer
      })
    )
  }))
}

const sale = (sku: string, units: number, price: string): Draft => {
  return { kind: "sale", sku, units, price }
}
const back = (sku: string, units: number, price: string): Draft => {
  return { kind: "cancellation", sku, units, price }
}
const by = (customer: string, ...lines: ReadonlyArray<Draft>) => ({ customer, lines })

const match = (...drafts: Parameters<typeof ordersOf>[0]) => {
  const { refunds, unmatched } = matchCancellations(ordersOf(drafts))
  return {
    refunds: refunds.map(({ amount, orderRef, ref, restock }) => [
      `${ref} of ${orderRef}`,
      Number(amount),
      restock.map(({ quantity, sku }) => `${quantity} ${sku}`).join(", ")
    ]),
    unmatched: unmatched.map(({ amount, ref, units, why }) => [ref, Number(amount), units, why])
  }
}

describe("a cancellation", () => {
  test("goes to the sale of the same price, then to the most recent, split where needed", () => {
    const found = match(
      by("c1", sale("X", 2, "1.0")),
      by("c1", sale("X", 3, "2.00")),
      by("c1", sale("X", 4, "3.00")),
      by("c1", back("X", 8, "1.00"))
    )
    expect(found.refunds).toEqual([
      ["3 of 0", 200, "2 X"],
      ["3 of 2", 400, "4 X"],
      ["3 of 1", 200, "2 X"]
    ])
    expect(found.unmatched).toEqual([])
  })

  test("leaves over what no sale of this customer, code and letter case has", () => {
    const found = match(
      by("c1", sale("X", 2, "1.00")),
      by("c2", sale("X", 9, "1.00")),
      by("c1", sale("x", 9, "1.00")),
      by("c1", back("X", 5, "1.00")),
      by("c1", sale("X", 9, "1.00"))
    )
    expect(found.refunds).toEqual([["3 of 0", 200, "2 X"]])
    expect(found.unmatched).toEqual([["3", 300, 3, "no_sale"]])
  })

  test("of an unknown customer has nothing to be matched by", () => {
    const found = match(by("", sale("X", 5, "1.00")), by("", back("X", 5, "1.00")))
    expect(found).toEqual({ refunds: [], unmatched: [["1", 500, 5, "no_customer"]] })
  })

  test("gives back no unit twice", () => {
    const found = match(
      by("c1", sale("X", 5, "1.00")),
      by("c1", back("X", 3, "1.00")),
      by("c1", back("X", 3, "1.00"))
    )
    expect(found.refunds).toEqual([
      ["1 of 0", 300, "3 X"],
      ["2 of 0", 200, "2 X"]
    ])
    expect(found.unmatched).toEqual([["2", 100, 1, "no_sale"]])
  })

  test("never gets more out of an order than was paid for it", () => {
    const found = match(
      by("c1", sale("X", 2, "1.00")),
      by("c1", back("X", 1, "1.50")),
      by("c1", back("X", 1, "1.50"))
    )
    expect(found.refunds).toEqual([
      ["1 of 0", 150, "1 X"],
      ["2 of 0", 50, "1 X"]
    ])
    expect(found.unmatched).toEqual([["2", 100, 0, "more_than_paid"]])
  })

  test("leaves its units over where the order has no money left", () => {
    const found = match(
      by("c1", sale("X", 2, "1.00")),
      by("c1", back("X", 1, "2.00")),
      by("c1", back("X", 1, "1.00"))
    )
    expect(found.unmatched).toEqual([["2", 100, 1, "no_sale"]])
  })

  test("of postage gives money back and no units", () => {
    const postage = { sku: "POST", units: 1, price: "18.00", stocked: false }
    const found = match(
      by("c1", { ...postage, kind: "sale" }),
      by("c1", { ...postage, kind: "cancellation" })
    )
    expect(found.refunds).toEqual([["1 of 0", 1800, ""]])
  })

  test("splits its money so that the parts sum to the line", () => {
    const found = match(
      by("c1", sale("X", 1, "9.00")),
      by("c1", sale("X", 1, "9.00")),
      by("c1", sale("X", 1, "9.00")),
      by("c1", back("X", 3, "0.335"))
    )
    expect(found.refunds.map(([, amount]) => amount)).toEqual([34, 34, 33])
  })
})

const draft = fc.record({
  kind: fc.constantFrom("sale" as const, "cancellation" as const),
  sku: fc.constantFrom("A", "a", "B"),
  units: fc.integer({ min: 1, max: 6 }),
  price: fc.constantFrom("1.00", "1.0", "2.555", "0.001", "0.00"),
  stocked: fc.constantFrom(true, true, false)
})
const drafts = fc.array(
  fc.record({
    customer: fc.constantFrom("c1", "c2", ""),
    lines: fc.array(draft, { minLength: 1 })
  }),
  { maxLength: 12 }
)

const total = (amounts: ReadonlyArray<bigint>): bigint => amounts.reduce((a, b) => a + b, 0n)

const amountOf = (orders: ReadonlyArray<TraceOrder>, kind: TraceLine["kind"]): bigint =>
  total(
    orders.flatMap(({ lines }) =>
      lines.filter((line) => line.kind === kind).map((line) => lineAmount(line).amount)
    )
  )

const stockedUnits = (orders: ReadonlyArray<TraceOrder>, kind: TraceLine["kind"]): number =>
  orders
    .flatMap(({ lines }) => lines.filter((line) => line.kind === kind && line.stocked))
    .reduce((sum, { qty }) => sum + Math.abs(qty), 0)

describe("whatever was sold and given back", () => {
  test("matched and unmatched money and units sum to what the file cancels", () => {
    fc.assert(
      fc.property(drafts, (drafted) => {
        const orders = ordersOf(drafted)
        const { refunds, unmatched } = matchCancellations(orders)
        const money = [...refunds, ...unmatched].map(({ amount }) => amount)
        expect(total(money)).toBe(amountOf(orders, "cancellation"))
        const units =
          refunds.flatMap(({ restock }) => restock).reduce((sum, r) => sum + r.quantity, 0) +
          unmatched.reduce((sum, { stocked, units }) => sum + (stocked ? units : 0), 0)
        expect(units).toBe(stockedUnits(orders, "cancellation"))
      })
    )
  })

  test("no order gives back more money or more units of a SKU than it took", () => {
    fc.assert(
      fc.property(drafts, (drafted) => {
        const orders = ordersOf(drafted)
        const { refunds } = matchCancellations(orders)
        for (const order of orders) {
          const own = refunds.filter(({ orderRef }) => orderRef === order.ref)
          const amounts = own.map(({ amount }) => amount)
          expect(amounts.every((amount) => amount > 0n)).toBe(true)
          expect(total(amounts)).toBeLessThanOrEqual(amountOf([order], "sale"))
          for (const sku of ["A", "a", "B"]) {
            const units = own
              .flatMap(({ restock }) => restock)
              .reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0)
            const sold = order.lines
              .filter((line) => line.kind === "sale" && line.sku === sku)
              .reduce((sum, { qty }) => sum + qty, 0)
            expect(units).toBeLessThanOrEqual(sold)
          }
        }
      })
    )
  })

  test("what happened later changes no earlier match", () => {
    fc.assert(
      fc.property(drafts, fc.nat(12), (drafted, length) => {
        const orders = ordersOf(drafted)
        const early = matchCancellations(orders.slice(0, length))
        const all = matchCancellations(orders)
        expect(all.refunds.slice(0, early.refunds.length)).toEqual(early.refunds)
        expect(all.unmatched.slice(0, early.unmatched.length)).toEqual(early.unmatched)
      })
    )
  })
})
