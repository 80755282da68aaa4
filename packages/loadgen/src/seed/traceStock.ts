import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { Trace } from "../trace/Trace.ts"
import type { TraceLine } from "../trace/TraceLine.ts"

/**
 * Units that the line takes from (negative) or brings to (positive) the stock without an order: a
 * write-off is recorded as it moves the stock, a line without a price the other way round (units
 * above zero were given away, units below zero were found).
 */
export const movedUnits = ({ kind, qty, stocked }: TraceLine): number => {
  if (!stocked || qty === 0) return 0
  if (kind === "stock_write_off") return qty
  return kind === "zero_price" ? -qty : 0
}

/** Units that leave the stock by this line before anything comes back. */
const unitsOut = (line: TraceLine): number =>
  line.kind === "sale" ? (line.stocked ? line.qty : 0) : Math.max(0, -movedUnits(line))

/** Everything that the trace has moved or charged for. */
export interface TraceSku {
  readonly stocked: boolean
  readonly sold: boolean
  /** Units that the trace takes out, before anything comes back. */
  readonly unitsOut: number
  /** Line of the file where it comes first. */
  readonly fileLine: number
}

export const traceSkus = ({ orders }: Trace): ReadonlyMap<Sku, TraceSku> => {
  const skus = new Map<Sku, TraceSku>()
  for (const { lines } of orders) {
    for (const line of lines) {
      const known = skus.get(line.sku)
      skus.set(line.sku, {
        stocked: line.stocked || known?.stocked === true,
        sold: line.kind === "sale" || known?.sold === true,
        unitsOut: (known?.unitsOut ?? 0) + unitsOut(line),
        fileLine: known?.fileLine ?? line.fileLine
      })
    }
  }
  return skus
}
