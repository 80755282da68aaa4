import { formatDecimal } from "@doorbuster/core/money/Decimal"
import type { Matching } from "../matching/Matching.ts"
import { grossText, type KindTotals } from "../trace/Control.ts"
import type { Trace } from "../trace/Trace.ts"
import { type ComparedFigure, compareWithControl } from "./Comparison.ts"
import type { RefusedOperation } from "./drive.ts"
import type { Operation } from "./Operation.ts"
import type { StoreFigures } from "./StoreFigures.ts"

/** What a replay comes to. Amounts are minor units; `control` has the file's own decimals. */
export interface ReplayReport {
  readonly orders: number
  readonly lines: number
  readonly units: bigint
  readonly gross_minor: bigint
  /** Exact worth of the sale lines minus `gross_minor`, minor units: `gross + this` is exact. */
  readonly rounding_difference: string
  readonly refunds_minor: bigint
  readonly refunds_rounding_difference: string
  readonly unmatched: {
    /** Cancellation lines that fit no sale, or not wholly. */
    readonly lines: number
    readonly units: number
    readonly amount_minor: bigint
    readonly reasons: Readonly<Record<string, number>>
    readonly listed: ReadonlyArray<{
      readonly ref: string
      readonly line_no: number
      readonly sku: string
      readonly units: number
      readonly amount_minor: bigint
      readonly why: string
    }>
  }
  readonly bad_debts_minor: bigint
  readonly movements: StoreFigures["movements"]
  /** Operations that the store would not have. */
  readonly refused: ReadonlyArray<RefusedOperation>
  /** Sagas that had not ended when patience did. */
  readonly open_sagas: number
  readonly control: Readonly<Record<string, unknown>>
  readonly comparison: ReadonlyArray<ComparedFigure>
  readonly matches: boolean
  readonly state_digest: string
  readonly elapsed_ms: number
}

const controlOf = ({ gross, lines, orders, units }: KindTotals) => ({
  orders,
  lines,
  units,
  gross: grossText(gross)
})

const unmatchedOf = ({ unmatched }: Matching, booked: bigint): ReplayReport["unmatched"] => {
  const reasons: Record<string, number> = {}
  for (const { why } of unmatched) reasons[why] = (reasons[why] ?? 0) + 1
  return {
    lines: unmatched.length,
    units: unmatched.reduce((sum, { units }) => sum + units, 0),
    amount_minor: booked,
    reasons,
    listed: unmatched.map(({ amount, lineNo, ref, sku, units, why }) => ({
      ref,
      line_no: lineNo,
      sku,
      units,
      amount_minor: amount,
      why
    }))
  }
}

export interface Replayed {
  readonly trace: Trace
  readonly matching: Matching
  readonly operations: ReadonlyArray<Operation>
  readonly refused: ReadonlyArray<RefusedOperation>
  readonly openSagas: number
  readonly store: StoreFigures
  readonly elapsedMs: number
}

export const reportOf = (replayed: Replayed): ReplayReport => {
  const { elapsedMs, matching, openSagas, operations, refused, store, trace } = replayed
  const { figures, refundRounding } = compareWithControl(trace, operations, store)
  const { control } = trace
  return {
    orders: store.orders,
    lines: store.lines,
    units: store.units,
    gross_minor: store.grossMinor,
    rounding_difference: formatDecimal(store.rounding),
    refunds_minor: store.refundedMinor + store.unmatchedMinor,
    refunds_rounding_difference: formatDecimal(refundRounding),
    unmatched: unmatchedOf(matching, store.unmatchedMinor),
    bad_debts_minor: store.badDebtMinor,
    movements: store.movements,
    refused,
    open_sagas: openSagas,
    control: {
      sale: controlOf(control.sale),
      cancellation: controlOf(control.cancellation),
      stock_write_off: controlOf(control.stock_write_off),
      zero_price: controlOf(control.zero_price),
      bad_debt_adjustment: controlOf(control.bad_debt_adjustment)
    },
    comparison: figures,
    matches: figures.every(({ equal }) => equal) && refused.length === 0 && openSagas === 0,
    state_digest: store.digest,
    elapsed_ms: elapsedMs
  }
}
