/**
 * The control figures of a trace: one plain fold over the raw rows. It shares nothing with what
 * the replay works with (no grouping, no rounding, no decimals of the core), so that the two can
 * differ.
 */
import type { LineKind, TraceRow } from "./TraceLine.ts"

export interface KindTotals {
  /** Distinct references. */
  readonly orders: number
  readonly lines: number
  /** Signed. */
  readonly units: bigint
  /** Sum of units times price in hundred-millionths of the major unit, exact. */
  readonly gross: bigint
}

export type Control = Readonly<Record<LineKind, KindTotals>>

/** Prices have at most eight decimals. */
const scale = 8

const scaled = (price: string): bigint => {
  const [whole = "0", fraction = ""] = price.split(".")
  return BigInt(whole + fraction.padEnd(scale, "0"))
}

interface Running {
  readonly refs: Set<string>
  lines: number
  units: bigint
  gross: bigint
}

const running = (): Running => ({ refs: new Set(), lines: 0, units: 0n, gross: 0n })

const totals = ({ gross, lines, refs, units }: Running): KindTotals => ({
  orders: refs.size,
  lines,
  units,
  gross
})

export const controlFold = () => {
  const kinds = {
    sale: running(),
    cancellation: running(),
    stock_write_off: running(),
    zero_price: running(),
    bad_debt_adjustment: running()
  } satisfies Record<LineKind, Running>
  return {
    add: ({ kind, order_ref, qty, unit_price }: TraceRow) => {
      const sum = kinds[kind]
      sum.refs.add(order_ref)
      sum.lines++
      sum.units += BigInt(qty)
      sum.gross += BigInt(qty) * scaled(unit_price)
    },
    result: (): Control => ({
      sale: totals(kinds.sale),
      cancellation: totals(kinds.cancellation),
      stock_write_off: totals(kinds.stock_write_off),
      zero_price: totals(kinds.zero_price),
      bad_debt_adjustment: totals(kinds.bad_debt_adjustment)
    })
  }
}

/** Hundred-millionths of the major unit in plain decimal notation, moved by `digits` places. */
export const grossText = (gross: bigint, digits = 0): string => {
  const places = scale - digits
  const sign = gross < 0n ? "-" : ""
  const text = (gross < 0n ? -gross : gross).toString().padStart(places + 1, "0")
  const fraction = text.slice(-places).replace(/0+$/, "")
  return `${sign}${text.slice(0, -places)}${fraction === "" ? "" : `.${fraction}`}`
}
