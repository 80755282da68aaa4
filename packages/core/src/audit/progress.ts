import { isPaid, type OrderState } from "../order/OrderState.ts"
import type { OrderBook } from "./Books.ts"
import type { AuditContext } from "./Invariant.ts"

/** A saga is at work on it, or was a moment ago: its schemas may be out of step. */
export const isMoving = (
  book: OrderBook,
  { at, graceMs }: Pick<AuditContext, "at" | "graceMs">
): boolean =>
  graceMs > 0 &&
  (book.sagas.some((saga) => saga.state === "open" || (saga.closedAt ?? 0) > at - graceMs) ||
    book.history.some((event) => event.at > at - graceMs))

export const isOpen = (book: OrderBook): boolean => book.sagas.some((saga) => saga.state === "open")

/** Money was taken for it, and stayed or went back by refunds. */
export const wasPaid = (state: OrderState): boolean => isPaid(state) || state === "refunded"
