/** The figures that docs/finance/ledger.md shows for an example are those that would be booked. */
import { readFileSync } from "node:fs"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import {
  bookCapture,
  bookRecognition,
  bookRefund,
  newPayment
} from "@doorbuster/core/payment/booking"
import type { Payment } from "@doorbuster/core/payment/Payment"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert, test } from "vitest"

const page = readFileSync(new URL("../../../../docs/finance/ledger.md", import.meta.url), "utf8")

const amountOf = (cell: string): bigint => BigInt(cell === "" ? 0 : cell.replace(".", ""))

/** Tables of events: per event, what is posted, debits positive. */
const tables = page
  .split("| event | account | debit | credit |")
  .slice(1)
  .map((text) => {
    const events: Array<Record<string, bigint>> = []
    for (const line of (text.split("\n\n", 1)[0] ?? "").split("\n").slice(2)) {
      const [event, account = "", debit = "", credit = ""] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
      if (event !== "") events.push({})
      const last = events.at(-1)
      if (last !== undefined) last[account.replaceAll("`", "")] = amountOf(debit) - amountOf(credit)
    }
    return events
  })

const posted = ({ postings }: Entry): Record<string, bigint> =>
  Object.fromEntries(postings.map(({ account, amount }) => [account, amount]))

/** Goods for 100.00, 10.00 off, 5.00 for shipping, 20 % tax on all of it. */
const example = (state: "created" | "canceled"): Payment => {
  const parts = { sales: 10_000n, discounts: 1_000n, shipping: 500n, tax: 1_900n }
  return newPayment(
    {
      paymentId: namedUuid("payment"),
      orderId: namedUuid("order") as string as OrderId,
      provider: "sandbox",
      currency: Currency.make("GBP"),
      amount: minor(11_400n),
      breakdown: parts as never,
      epoch: 1,
      at: 0
    },
    state
  )
}

/** Books one event after the other, each on what the one before has left. */
const story = (state: "created" | "canceled") => {
  let payment = example(state)
  const entries: Array<Record<string, bigint>> = []
  const keep = (booked: { readonly payment: Payment | null; readonly entry: Entry } | null) => {
    assert.ok(booked?.payment)
    payment = booked.payment
    entries.push(posted(booked.entry))
  }
  return {
    entries,
    capture: () => {
      const { amount, paymentId } = payment
      const capture = { paymentId, captureId: "c", amount, currency: "GBP", provider: "sandbox" }
      keep(bookCapture(payment, { ...capture, occurredAt: 0 }))
    },
    refund: (amount: bigint, source: "order" | "unapplied" = "order") =>
      keep(bookRefund(payment, { refundId: namedUuid("r"), amount: minor(amount), source }, 0)),
    ship: () => keep(bookRecognition(payment, namedUuid("shipment"), 0))
  }
}

test("a refund after shipping is booked as the page shows", () => {
  const { capture, entries, refund, ship } = story("created")
  capture()
  ship()
  refund(3_000n)
  refund(8_400n)
  assert.deepStrictEqual(tables[0], entries)
})

test("a refund before shipping is booked as the page shows", () => {
  const { capture, entries, refund, ship } = story("created")
  capture()
  refund(3_000n)
  ship()
  assert.deepStrictEqual(tables[1], entries)
})

test("money of no order is booked as the page shows", () => {
  const { capture, entries, refund } = story("canceled")
  capture()
  refund(11_400n, "unapplied")
  assert.deepStrictEqual(tables[2], entries)
})
