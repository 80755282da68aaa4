/** A trace's control figures beside what the store's own books say. */

import type { Sku } from "@doorbuster/core/catalog/Sku"
import {
  type Decimal,
  decimalPlus,
  decimalZero,
  formatDecimal
} from "@doorbuster/core/money/Decimal"
import { grossText } from "../trace/Control.ts"
import { lineAmount } from "../trace/lineAmount.ts"
import type { Trace } from "../trace/Trace.ts"
import type { LineKind, TraceLine } from "../trace/TraceLine.ts"
import type { Operation } from "./Operation.ts"
import type { StoreFigures } from "./StoreFigures.ts"

/** One figure from both sides; amounts in minor units, exact, as decimal text. */
export interface ComparedFigure {
  readonly figure: string
  readonly file: string
  readonly store: string
  readonly equal: boolean
}

const compare = (figure: string, file: unknown, store: unknown): ComparedFigure => ({
  figure,
  file: String(file),
  store: String(store),
  equal: String(file) === String(store)
})

const linesOf = ({ orders }: Trace, kind: LineKind): ReadonlyArray<TraceLine> =>
  orders.flatMap(({ lines }) => lines.filter((line) => line.kind === kind))

/** What rounding took from these lines: exact minus rounded, minor units, signed like the lines. */
const roundingOf = (lines: ReadonlyArray<TraceLine>): Decimal =>
  lines.reduce((sum, line) => {
    const { digits, scale } = lineAmount(line).rest
    return decimalPlus(sum, { digits: line.qty < 0 ? -digits : digits, scale })
  }, decimalZero)

const whole = (amount: bigint): Decimal => ({ digits: amount, scale: 0 })
const exact = (amount: bigint, rounding: Decimal): string =>
  formatDecimal(decimalPlus(whole(amount), rounding))

const minorDigits = 2

/** SKUs whose units with the buyers are not what was sold less what was given back to orders. */
const skusThatDiffer = (
  operations: ReadonlyArray<Operation>,
  stocked: ReadonlySet<Sku>,
  unitsOut: ReadonlyMap<Sku, number>
): ReadonlyArray<Sku> => {
  const units = new Map<Sku, number>()
  const add = (sku: Sku, by: number) => void units.set(sku, (units.get(sku) ?? 0) + by)
  for (const operation of operations) {
    if (operation._tag === "Sale") {
      for (const { quantity, sku } of operation.lines) if (stocked.has(sku)) add(sku, quantity)
    }
    if (operation._tag === "Refund") {
      for (const { quantity, sku } of operation.restock) add(sku, -quantity)
    }
  }
  const all = new Set([...units.keys(), ...unitsOut.keys()])
  return [...all].filter((sku) => (units.get(sku) ?? 0) !== (unitsOut.get(sku) ?? 0))
}

const stockedSkus = ({ orders }: Trace): ReadonlySet<Sku> =>
  new Set(orders.flatMap(({ lines }) => lines.flatMap((line) => (line.stocked ? line.sku : []))))

/** Units of corrections that move no stock, because the thing has none. */
const unitsWithoutStock = (lines: ReadonlyArray<TraceLine>): bigint =>
  lines.reduce((sum, { qty, stocked }) => (stocked ? sum : sum + BigInt(qty)), 0n)

const planned = (operations: ReadonlyArray<Operation>) => {
  let unmatched = 0
  let receipts = 0
  for (const operation of operations) {
    if (operation._tag === "Journal" && operation.kind === "unmatched_refund") unmatched++
    if (operation._tag === "StockMove" && operation.kind === "receipt")
      receipts += operation.quantity
  }
  return { unmatched, receipts }
}

export interface Compared {
  readonly figures: ReadonlyArray<ComparedFigure>
  /** Exact minus rounded over the cancellation lines, minor units. */
  readonly refundRounding: Decimal
}

export const compareWithControl = (
  trace: Trace,
  operations: ReadonlyArray<Operation>,
  store: StoreFigures
): Compared => {
  const { bad_debt_adjustment, cancellation, sale, stock_write_off, zero_price } = trace.control
  const plan = planned(operations)
  const free = linesOf(trace, "zero_price")
  const writeOffs = linesOf(trace, "stock_write_off")
  const refundRounding = roundingOf(linesOf(trace, "cancellation"))
  const badDebtRounding = roundingOf(linesOf(trace, "bad_debt_adjustment"))
  const { adjustment, receipt, write_off } = store.movements
  const givenBack = store.refundedMinor + store.unmatchedMinor
  const figures = [
    compare("orders", sale.orders, store.orders),
    compare("lines", sale.lines, store.lines),
    compare("units", sale.units, store.units),
    compare(
      "gross, with rounding",
      grossText(sale.gross, minorDigits),
      exact(store.grossMinor, store.rounding)
    ),
    compare(
      "refunds, with rounding",
      grossText(cancellation.gross, minorDigits),
      exact(-givenBack, refundRounding)
    ),
    compare("refund lines without a sale", plan.unmatched, store.unmatchedEntries),
    compare("units put back without a sale", plan.receipts, receipt.units),
    compare(
      "units written off",
      stock_write_off.units,
      BigInt(write_off.units) + unitsWithoutStock(writeOffs)
    ),
    compare(
      "units given away",
      zero_price.units,
      BigInt(-adjustment.units) + unitsWithoutStock(free)
    ),
    compare(
      "bad debts, with rounding",
      grossText(bad_debt_adjustment.gross, minorDigits),
      exact(-store.badDebtMinor, badDebtRounding)
    ),
    compare(
      "SKUs with other units sold",
      0,
      skusThatDiffer(operations, stockedSkus(trace), store.unitsOut).length
    ),
    compare("orders not paid", 0, store.unpaid.length)
  ]
  return { figures, refundRounding }
}
