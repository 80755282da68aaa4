import type { OrderBook } from "@doorbuster/core/audit/Books"
import { Books } from "@doorbuster/core/audit/Books"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import {
  type Decimal,
  type DecimalString,
  decimalPlus,
  decimalZero,
  parseDecimal
} from "@doorbuster/core/money/Decimal"
import type { Order } from "@doorbuster/core/order/Order"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { entryId, movementId } from "./identity.ts"
import { MovementLog } from "./MovementLog.ts"
import type { Journal, Operation, Sale, StockMove } from "./Operation.ts"
import { StateDigest } from "./StateDigest.ts"

/** Units and money of one kind of correction, as the store has them. */
interface Booked {
  readonly count: number
  readonly units: number
}

/** What the store's own books say about a trace: read back, never counted along the way. */
export interface StoreFigures {
  readonly orders: number
  readonly lines: number
  readonly units: bigint
  /** Minor units. */
  readonly grossMinor: bigint
  /** Exact worth of the lines minus what they were rounded to, minor units. */
  readonly rounding: Decimal
  /** Minor units given back to orders. */
  readonly refundedMinor: bigint
  /** Minor units given back without an order. */
  readonly unmatchedMinor: bigint
  readonly unmatchedEntries: number
  /** Minor units of debts given up, less those paid after all. */
  readonly badDebtMinor: bigint
  /** Stocked units that are with the buyers, per SKU. */
  readonly unitsOut: ReadonlyMap<Sku, number>
  readonly movements: Readonly<Record<StockMove["kind"], Booked>>
  /** References of orders that were not paid for. */
  readonly unpaid: ReadonlyArray<string>
  readonly digest: string
}

const paidStates: ReadonlySet<string> = new Set(["paid", "shipped", "completed", "refunded"])

interface PriceStep {
  readonly rule: string
  readonly difference?: DecimalString
}

/** Rounded minus exact over the lines of recorded prices, from the quote that the order keeps. */
const roundingOf = ({ quote }: Order): Decimal => {
  const { trace } = JSON.parse(quote) as { readonly trace: ReadonlyArray<PriceStep> }
  let sum = decimalZero
  for (const { difference } of trace) {
    if (difference !== undefined && difference !== "0") {
      sum = decimalPlus(sum, parseDecimal(difference))
    }
  }
  return sum
}

/** Adds up the orders of a trace out of all that the store has. */
const orderFold = (sales: ReadonlyMap<string, Sale>) => {
  const unitsOut = new Map<Sku, number>()
  const unpaid: Array<string> = []
  const sum = { orders: 0, lines: 0, units: 0n, grossMinor: 0n, refundedMinor: 0n }
  let rounding = decimalZero
  const add = ({ order, reservations }: OrderBook) => {
    const sale = sales.get(order?.externalRef ?? "")
    if (order === null || sale?.account !== order.account) return
    if (!paidStates.has(order.state)) {
      unpaid.push(sale.ref)
      return
    }
    sum.orders++
    sum.lines += order.lines.length
    for (const { quantity } of order.lines) sum.units += BigInt(quantity)
    sum.grossMinor += order.total
    sum.refundedMinor += order.refundedTotal
    const { digits, scale } = roundingOf(order)
    rounding = decimalPlus(rounding, { digits: -digits, scale })
    for (const { key, quantity, returned, state } of reservations) {
      if (state !== "committed") continue
      const sku = key as string as Sku
      unitsOut.set(sku, (unitsOut.get(sku) ?? 0) + quantity - returned)
    }
  }
  return { add, result: () => ({ ...sum, rounding, unitsOut, unpaid }) }
}

/** Adds up the entries of a trace; `contra:refunds` and `expenses:bad_debts` carry the amount. */
const entryFold = (journals: ReadonlyMap<string, Journal>) => {
  const sum = { unmatchedMinor: 0n, unmatchedEntries: 0, badDebtMinor: 0n }
  const add = (entry: Entry) => {
    const journal = journals.get(entry.entryId)
    if (journal === undefined) return
    for (const { account, amount } of entry.postings) {
      if (account === "expenses:bad_debts") sum.badDebtMinor += amount
      if (account === "contra:refunds") sum.unmatchedMinor += amount
    }
    if (journal.kind === "unmatched_refund") sum.unmatchedEntries++
  }
  return { add, result: () => sum }
}

const pageSize = 2_000

const movementFigures = Effect.fnUntraced(function* (moves: ReadonlyMap<Uuid, StockMove>) {
  const log = yield* MovementLog
  const figures = {
    receipt: { count: 0, units: 0 },
    adjustment: { count: 0, units: 0 },
    write_off: { count: 0, units: 0 }
  }
  const ids = [...moves.keys()]
  for (let at = 0; at < ids.length; at += pageSize) {
    for (const [id, units] of yield* log.units(ids.slice(at, at + pageSize))) {
      const kind = moves.get(id)?.kind
      if (kind === undefined) continue
      figures[kind].count++
      figures[kind].units += units
    }
  }
  return figures
})

/** Reads the store's books once: for the figures of a trace and for the digest of its state. */
export const storeFigures = Effect.fnUntraced(function* (operations: ReadonlyArray<Operation>) {
  const books = yield* Books
  const sales = new Map<string, Sale>()
  const journals = new Map<string, Journal>()
  const moves = new Map<Uuid, StockMove>()
  for (const operation of operations) {
    if (operation._tag === "Sale") sales.set(operation.ref, operation)
    if (operation._tag === "Journal") journals.set(entryId(operation), operation)
    if (operation._tag === "StockMove") moves.set(movementId(operation), operation)
  }
  const digest = new StateDigest()
  const orders = orderFold(sales)
  const entries = entryFold(journals)
  yield* Stream.runForEach(books.orders, (book) =>
    Effect.sync(() => {
      if (book.order !== null) digest.order(book.order)
      orders.add(book)
    })
  )
  yield* Stream.runForEach(books.looseEntries, (entry) => Effect.sync(() => entries.add(entry)))
  yield* Stream.runForEach(books.stock, (book) => Effect.sync(() => digest.stock(book)))
  digest.balance(yield* books.trialBalance)
  const figures: StoreFigures = {
    ...orders.result(),
    ...entries.result(),
    movements: yield* movementFigures(moves),
    digest: digest.value()
  }
  return figures
})
