import type { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { PriceOverride } from "@doorbuster/core/pricing/PriceOverride"
import type { Matching, UnmatchedLine } from "../matching/Matching.ts"
import { movedUnits } from "../seed/traceStock.ts"
import { signedAmount } from "../trace/lineAmount.ts"
import type { TraceLine, TraceOrder } from "../trace/TraceLine.ts"
import type { Journal, Operation, Refund, Sale, StockMove } from "./Operation.ts"

/** Buyers whom the shop did not know share one account. */
export const anonymous = "anonymous" as AccountId

const keyOf = (ref: string, lineNo: number): string => `replay:${ref}:${lineNo}`

const saleOf = ({ at, country, lines, ref }: TraceOrder): Sale => {
  const sold = lines.filter(({ kind }) => kind === "sale")
  const customer = sold.find((line) => line.customer !== "")?.customer
  return {
    _tag: "Sale",
    ref,
    at,
    account: customer === undefined ? anonymous : (customer as AccountId),
    country,
    // The reader refuses quantities and prices that are none.
    lines: sold.map(({ qty, sku, unitPrice }) => ({
      sku,
      quantity: qty as Quantity,
      priceOverride: unitPrice as PriceOverride
    }))
  }
}

const moveOf = (order: TraceOrder, line: TraceLine): StockMove => ({
  _tag: "StockMove",
  key: keyOf(order.ref, line.lineNo),
  at: order.at,
  sku: line.sku,
  quantity: movedUnits(line),
  kind: line.kind === "stock_write_off" ? "write_off" : "adjustment",
  reason: `${line.kind} ${order.ref}`
})

/** The shop's adjustments are written from the customer's side: below zero is a debt given up. */
const badDebtOf = (order: TraceOrder, line: TraceLine): Journal => ({
  _tag: "Journal",
  key: keyOf(order.ref, line.lineNo),
  at: order.at,
  kind: "bad_debt",
  amount: -signedAmount(line) as Minor,
  memo: `bad debt ${order.ref}`
})

const leftOver = (line: UnmatchedLine): ReadonlyArray<StockMove | Journal> => {
  const { amount, at, lineNo, ref, sku, stocked, units } = line
  const key = keyOf(ref, lineNo)
  const memo = `cancellation ${ref} without a sale`
  const operations: Array<StockMove | Journal> = []
  if (amount > 0n) {
    operations.push({ _tag: "Journal", key, at, kind: "unmatched_refund", amount, memo })
  }
  if (stocked && units > 0) {
    operations.push({
      _tag: "StockMove",
      key,
      at,
      sku,
      quantity: units,
      kind: "receipt",
      reason: memo
    })
  }
  return operations
}

const byRef = <A extends { readonly ref: string }>(items: ReadonlyArray<A>) =>
  Map.groupBy(items, ({ ref }) => ref)

/**
 * All that a trace did to the shop, in the order of the trace: what an operation depends on comes
 * before it. An order without a single sale line is none.
 */
export const operationsOf = (
  orders: ReadonlyArray<TraceOrder>,
  matching: Matching
): ReadonlyArray<Operation> => {
  const refunds = byRef(matching.refunds)
  const unmatched = byRef(matching.unmatched)
  return orders.flatMap((order): ReadonlyArray<Operation> => {
    const { lines, ref } = order
    const sale = lines.some(({ kind }) => kind === "sale") ? [saleOf(order)] : []
    const moves = lines.filter((line) => movedUnits(line) !== 0)
    const debts = lines.filter((line) => {
      return line.kind === "bad_debt_adjustment" && signedAmount(line) !== 0n
    })
    return [
      ...sale,
      ...moves.map((line) => moveOf(order, line)),
      ...debts.map((line) => badDebtOf(order, line)),
      ...(refunds.get(ref) ?? []).map((refund): Refund => ({ _tag: "Refund", ...refund })),
      ...(unmatched.get(ref) ?? []).flatMap(leftOver)
    ]
  })
}
