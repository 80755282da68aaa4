/**
 * Finds the sales that cancellations take back. The trace names none, so a cancelled line is
 * matched with earlier sale lines of the same customer and SKU that have units left: same price
 * first, then the most recent, split where needed. The rest is unmatched: given back all the same,
 * but to no order.
 *
 * Pure and decided from the trace alone, before anything is replayed: a replay that was killed
 * and begins again comes to the same refunds.
 */
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { allocate } from "@doorbuster/core/money/allocate"
import { type Minor, minor, zero } from "@doorbuster/core/money/Minor"
import { lineAmount } from "../trace/lineAmount.ts"
import type { TraceLine, TraceOrder } from "../trace/TraceLine.ts"
import type { MatchedRefund, Matching, UnmatchedLine, UnmatchedReason } from "./Matching.ts"
import { SalesLedger, type SoldLine } from "./SalesLedger.ts"

interface Part {
  readonly sold: SoldLine
  readonly units: number
}

const partsOf = (ledger: SalesLedger, line: TraceLine): ReadonlyArray<Part> => {
  let left = -line.qty
  const parts: Array<Part> = []
  for (const sold of line.customer === "" ? [] : ledger.candidates(line)) {
    if (left === 0) break
    const units = Math.min(left, sold.unitsLeft)
    parts.push({ sold, units })
    left -= units
  }
  return parts
}

interface Rest {
  units: number
  amount: bigint
  why: UnmatchedReason
}

/** What one cancellation gives back to one order, while its lines are added up. */
interface OpenRefund {
  amount: bigint
  readonly restock: Map<Sku, number>
}

/**
 * Gives the line's money to its parts in proportion to their units. A part gets no more than its
 * order has left; one that would get nothing is no match, and its units are left over as well.
 */
const settle = (ledger: SalesLedger, line: TraceLine, refunds: Map<string, OpenRefund>): Rest => {
  const parts = partsOf(ledger, line)
  const matched = parts.reduce((sum, { units }) => sum + units, 0)
  const leftOver = -line.qty - matched
  const weights = [...parts.map(({ units }) => BigInt(units)), BigInt(leftOver)]
  const amounts = allocate(lineAmount(line).amount, weights)
  const why = line.customer === "" ? "no_customer" : leftOver > 0 ? "no_sale" : "more_than_paid"
  const rest: Rest = { units: leftOver, amount: amounts.at(-1) ?? 0n, why }
  for (const [index, { sold, units }] of parts.entries()) {
    const wanted = amounts[index] ?? zero
    const left = ledger.moneyLeft(sold.orderRef)
    const amount = wanted < left ? wanted : minor(left)
    rest.amount += wanted - amount
    if (amount === 0n) {
      rest.units += units
      continue
    }
    ledger.giveBack(sold, units, amount)
    const refund = refunds.get(sold.orderRef) ?? { amount: 0n, restock: new Map() }
    refunds.set(sold.orderRef, refund)
    refund.amount += amount
    if (line.stocked) refund.restock.set(line.sku, (refund.restock.get(line.sku) ?? 0) + units)
  }
  return rest
}

const refundOf = (
  { at, ref }: TraceOrder,
  orderRef: string,
  { amount, restock }: OpenRefund
): MatchedRefund => ({
  ref,
  at,
  orderRef,
  amount: amount as Minor,
  restock: Array.from(restock, ([sku, quantity]) => ({ sku, quantity }))
})

/**
 * Takes orders in the order of their first lines. A line of an order may lie behind one of the next
 * order in the file, so lines are taken in the order of the file, whatever their order.
 */
export const matchCancellations = (orders: ReadonlyArray<TraceOrder>): Matching => {
  const ledger = new SalesLedger()
  const unmatched: Array<UnmatchedLine> = []
  const open = new Map<TraceOrder, Map<string, OpenRefund>>()
  const lines = orders
    .flatMap((order) => order.lines.map((line) => ({ order, line })))
    .sort((one, other) => one.line.fileLine - other.line.fileLine)
  for (const { line, order } of lines) {
    if (line.kind === "sale") ledger.sold(order.ref, line)
    if (line.kind !== "cancellation") continue
    const refunds = open.get(order) ?? new Map<string, OpenRefund>()
    open.set(order, refunds)
    const { amount, units, why } = settle(ledger, line, refunds)
    if (units === 0 && amount === 0n) continue
    const { lineNo, sku, stocked } = line
    const { at, ref } = order
    unmatched.push({ ref, at, lineNo, sku, stocked, units, amount: amount as Minor, why })
  }
  const refunds = Array.from(open, ([order, byOrder]) =>
    Array.from(byOrder, ([orderRef, refund]) => refundOf(order, orderRef, refund))
  ).flat()
  return { refunds, unmatched }
}
