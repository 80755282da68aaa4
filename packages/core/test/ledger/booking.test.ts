import { fixedAccounts } from "@doorbuster/core/ledger/Account"
import { type Entry, imbalance } from "@doorbuster/core/ledger/Entry"
import { Currency } from "@doorbuster/core/money/Currency"
import { type Minor, minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import {
  bookCapture,
  bookRecognition,
  bookRefund,
  isFullyRefunded,
  newPayment
} from "@doorbuster/core/payment/booking"
import type { Payment } from "@doorbuster/core/payment/Payment"
import { namedUuid } from "@doorbuster/core/Uuid"
import fc from "fast-check"
import { assert, test } from "vitest"

const gbp = Currency.make("GBP")

const created = (parts: {
  sales: bigint
  discounts: bigint
  shipping: bigint
  tax: bigint
}): Payment =>
  newPayment(
    {
      paymentId: namedUuid("payment"),
      orderId: namedUuid("order") as string as OrderId,
      provider: "test",
      currency: gbp,
      amount: minor(parts.sales - parts.discounts + parts.shipping + parts.tax),
      breakdown: parts as never,
      epoch: 1,
      at: 0
    },
    "created"
  )

const captureOf = (payment: Payment, captureId = "c1", amount: Minor = payment.amount) => ({
  paymentId: payment.paymentId,
  captureId,
  amount,
  currency: "GBP",
  provider: "test",
  occurredAt: 1
})

const balanceOf = (entries: ReadonlyArray<Entry>, account: string): bigint =>
  entries
    .flatMap((entry) => entry.postings)
    .reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0n)

const anyPayment = fc
  .record({
    sales: fc.bigInt({ min: 1n, max: 10_000_000n }),
    discountPercent: fc.bigInt({ min: 0n, max: 100n }),
    shipping: fc.bigInt({ min: 0n, max: 5_000n }),
    tax: fc.bigInt({ min: 0n, max: 2_000_000n })
  })
  .map(({ discountPercent, sales, shipping, tax }) =>
    created({ sales, discounts: (sales * discountPercent) / 100n, shipping, tax })
  )
  .filter((payment) => payment.amount > 0n)

/** Cuts an amount into parts that sum to it. */
const cut = (amount: bigint, weights: ReadonlyArray<number>): ReadonlyArray<Minor> => {
  const parts: Array<Minor> = []
  let left = amount
  for (const weight of weights) {
    const part = (left * BigInt(weight)) / 100n
    if (part > 0n) parts.push(minor(part))
    left -= part
  }
  return left > 0n ? [...parts, minor(left)] : parts
}

const weights = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 })

test("every entry sums to zero and a full refund in any parts leaves nothing anywhere", () => {
  fc.assert(
    fc.property(anyPayment, weights, fc.nat({ max: 7 }), (start, parts, shipAfter) => {
      const entries: Array<Entry> = []
      const captured = bookCapture(start, captureOf(start))
      entries.push(captured.entry)
      let payment = captured.payment as Payment
      const ship = () => {
        const booked = bookRecognition(payment, namedUuid("shipment"), 2)
        if (booked === null) return
        payment = booked.payment
        entries.push(booked.entry)
      }
      for (const [index, amount] of cut(start.amount, parts).entries()) {
        if (index === shipAfter) ship()
        const refund = { refundId: namedUuid(`r${index}`), amount, source: "order" as const }
        const booked = bookRefund(payment, refund, 3)
        payment = booked.payment
        entries.push(booked.entry)
      }
      for (const entry of entries) {
        assert.strictEqual(imbalance(entry), 0n)
        assert.isAtLeast(entry.postings.length, 2)
        assert.isTrue(entry.postings.every((posting) => posting.amount !== 0n))
      }
      assert.isTrue(isFullyRefunded(payment))
      assert.strictEqual(payment.deferred, 0n)
      assert.strictEqual(payment.taxRefunded, start.breakdown.tax)
      for (const account of ["assets:provider:test", "liabilities:tax"]) {
        assert.strictEqual(balanceOf(entries, account), 0n, account)
      }
      assert.strictEqual(balanceOf(entries, "liabilities:deferred_revenue"), 0n)
      const income = ["income:sales", "income:shipping", "contra:discounts", "contra:refunds"]
      assert.strictEqual(
        income.reduce((sum, account) => sum + balanceOf(entries, account), 0n),
        0n
      )
    })
  )
})

test("money that an order cannot take is owed to its sender", () => {
  const payment = created({ sales: 1_000n, discounts: 0n, shipping: 0n, tax: 0n })
  const paid = bookCapture(payment, captureOf(payment)).payment as Payment
  const cases = [
    ["unknown_payment", null, captureOf(payment)],
    ["duplicate_capture", paid, captureOf(payment, "c2")],
    ["amount_differs", payment, captureOf(payment, "c1", minor(999n))],
    ["currency_differs", payment, { ...captureOf(payment), currency: "EUR" }],
    ["captured_but_canceled", { ...payment, state: "canceled" as const }, captureOf(payment)]
  ] as const
  for (const [reason, before, capture] of cases) {
    const booked = bookCapture(before, capture)
    assert.strictEqual(booked.unapplied, reason)
    assert.strictEqual(imbalance(booked.entry), 0n)
    assert.strictEqual(
      balanceOf([booked.entry], "liabilities:unapplied_receipts"),
      -capture.amount,
      reason
    )
  }
})

test("entries name only accounts of the chart", () => {
  const payment = created({ sales: 900n, discounts: 100n, shipping: 50n, tax: 170n })
  const captured = bookCapture(payment, captureOf(payment))
  const shipped = bookRecognition(captured.payment as Payment, namedUuid("s"), 1)
  const refund = { refundId: namedUuid("r"), amount: minor(100n), source: "order" as const }
  const refunded = bookRefund(shipped?.payment as Payment, refund, 2)
  const known = new Set<string>([...fixedAccounts, "assets:provider:test"])
  for (const entry of [captured.entry, shipped?.entry as Entry, refunded.entry]) {
    for (const { account } of entry.postings) assert.isTrue(known.has(account), account)
  }
})
