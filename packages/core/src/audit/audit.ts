/** Runs every invariant over the books: the one judge of tests, checks and rehearsals. */

import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Entry } from "../ledger/Entry.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { ProviderCapture } from "../payment/PaymentProvider.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import { Books } from "./Books.ts"
import { type Acknowledged, type AuditContext, equal, sum, type Violation } from "./Invariant.ts"
import { balanced, ledgerInvariants } from "./ledgerInvariants.ts"
import { loose } from "./looseEntries.ts"
import { moneyInvariants } from "./moneyInvariants.ts"
import { oneEffect } from "./oneEffect.ts"
import { orderInvariants } from "./orderInvariants.ts"
import { entered, received } from "./receipts.ts"
import { stockInvariants } from "./stockInvariants.ts"

export interface InvariantReport {
  readonly name: string
  /** Things (stock keys, orders, entries, …) that it was checked on. */
  readonly checked: number
  readonly violations: ReadonlyArray<Violation>
}

export interface AuditReport {
  readonly ok: boolean
  readonly invariants: ReadonlyArray<InvariantReport>
}

export interface AuditOptions {
  /** Milliseconds; when absent, 0 for a store at rest and 30,000 for one at work. */
  readonly graceMs?: number
  /** The provider's own book. */
  readonly captures?: ReadonlyArray<ProviderCapture>
  /** What clients were told. */
  readonly acknowledged?: ReadonlyArray<Acknowledged>
  /** Called with the number of orders read so far. */
  readonly onProgress?: (orders: number) => Effect.Effect<void>
}

const graceMsAtWork = 30_000

const ofOrders = [...orderInvariants, ...moneyInvariants, ...ledgerInvariants, oneEffect]

/** In the order of the report; what was checked on nothing is reported as well. */
const names = [...stockInvariants, ...ofOrders].map(({ name }) => name)

/** Keeps what each invariant found. */
class Findings {
  readonly #reports = new Map<string, { checked: number; violations: Array<Violation> }>(
    names.map((name) => [name, { checked: 0, violations: [] }])
  )

  add(name: string, checked: number, violations: ReadonlyArray<Violation>): void {
    const report = this.#reports.get(name) ?? { checked: 0, violations: [] }
    report.checked += checked
    report.violations.push(...violations)
    this.#reports.set(name, report)
  }

  report(): AuditReport {
    const invariants = [...this.#reports].map(([name, report]) => ({ name, ...report }))
    return { ok: invariants.every((i) => i.violations.length === 0), invariants }
  }
}

const byPayment = (captures: ReadonlyArray<ProviderCapture>) => {
  const map = new Map<Uuid, Array<ProviderCapture>>()
  for (const capture of captures) {
    map.set(capture.paymentId, [...(map.get(capture.paymentId) ?? []), capture])
  }
  return map
}

const checkStock = (books: (typeof Books)["Service"], context: AuditContext, findings: Findings) =>
  Stream.runForEach(books.stock, (book) =>
    Effect.sync(() => {
      for (const { about, check, name } of stockInvariants) {
        const applies = about(book)
        findings.add(name, applies ? 1 : 0, applies ? check(book, context) : [])
      }
    })
  )

/** Answers with the payments and orders that were met. */
const checkOrders = Effect.fnUntraced(function* (
  books: (typeof Books)["Service"],
  context: AuditContext,
  findings: Findings,
  onProgress: AuditOptions["onProgress"]
) {
  const met = { payments: new Set<Uuid>(), orders: new Set<OrderId>(), count: 0 }
  yield* Stream.runForEach(books.orders, (book) => {
    for (const { about, check, name } of ofOrders) {
      const applies = about(book, context)
      findings.add(name, applies ? 1 : 0, applies ? check(book, context) : [])
    }
    for (const { paymentId } of book.payments) met.payments.add(paymentId)
    if (context.promises !== null) met.orders.add(book.orderId)
    met.count++
    return onProgress !== undefined && met.count % 500 === 0 ? onProgress(met.count) : Effect.void
  })
  return met
})

/**
 * Receipts are read before the entries, so that each has its entry by then. A store at work may
 * have booked younger entries since, whose receipts were not read. Answers with the payments of
 * entries that belong to no order.
 */
const checkLedger = Effect.fnUntraced(function* (
  books: (typeof Books)["Service"],
  context: AuditContext,
  findings: Findings
) {
  const captures = yield* Stream.runCollect(books.looseCaptures)
  const unapplied = new Map<string, Entry>()
  yield* Stream.runForEach(books.looseEntries, (entry) =>
    Effect.sync(() => {
      if (entry.kind === "unapplied") unapplied.set(entry.entryId, entry)
      findings.add("ledger.balanced", 1, balanced(entry))
      findings.add("ledger.matches_payments", 1, loose(entry))
    })
  )
  findings.add("ledger.matches_payments", captures.length, [
    ...captures.flatMap((receipt) => entered(receipt, unapplied)),
    ...(context.graceMs > 0 ? [] : received(unapplied.values(), captures))
  ])
  for (const entryId of yield* books.orphanPostings) {
    findings.add("ledger.balanced", 1, [{ key: entryId, left: "postings", right: "their entry" }])
  }
  const rows = yield* books.trialBalance
  for (const currency of new Set(rows.map((row) => row.currency))) {
    const own = rows.filter((row) => row.currency === currency)
    const debit = sum(own, (row) => row.debit)
    const credit = sum(own, (row) => row.credit)
    findings.add("ledger.balanced", 1, equal(`all ${currency}`, "debits", debit, credit))
  }
  return new Set([...unapplied.values()].map(({ paymentId }) => paymentId))
})

/**
 * Checks the whole of the books. A store at work is given a grace: what a saga is still moving is
 * not compared across schemas; what one schema says of itself always is.
 */
export const audit = Effect.fn("audit")(function* (
  options: AuditOptions = {}
): Effect.fn.Return<AuditReport, StorageError, Books> {
  const books = yield* Books
  const { at, live } = yield* books.now
  const captured = options.captures === undefined ? null : byPayment(options.captures)
  const promises =
    options.acknowledged === undefined
      ? null
      : new Map(options.acknowledged.map((told) => [told.orderId, told]))
  const graceMs = options.graceMs ?? (live ? graceMsAtWork : 0)
  const context: AuditContext = { at, graceMs, captured, promises }
  const findings = new Findings()

  yield* checkStock(books, context, findings)
  const met = yield* checkOrders(books, context, findings, options.onProgress)
  const unknown = yield* checkLedger(books, context, findings)

  for (const [paymentId, captures] of captured ?? []) {
    if (met.payments.has(paymentId) || unknown.has(paymentId)) continue
    const taken = sum(captures, (capture) => capture.amount)
    findings.add("captured.owned", 1, [
      { key: paymentId, left: `captured at the provider: ${taken}`, right: "no payment here" }
    ])
  }
  for (const orderId of promises?.keys() ?? []) {
    if (met.orders.has(orderId)) continue
    findings.add("acknowledged.survives", 1, [
      { key: orderId, left: "no order", right: "an order that a client was told about" }
    ])
  }
  const { checked, duplicates } = yield* books.claims
  findings.add(
    oneEffect.name,
    checked,
    duplicates.map(({ key, orders, payments }) => ({
      key,
      left: `${orders} orders, ${payments} payments`,
      right: "one at most"
    }))
  )
  return findings.report()
})
