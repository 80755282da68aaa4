import type { OrderId } from "../order/OrderId.ts"
import type { ProviderCapture } from "../payment/PaymentProvider.ts"
import type { Uuid } from "../Uuid.ts"
import type { OrderBook, StockBook } from "./Books.ts"

/** One broken equation: what it is about and what its two sides say. */
export interface Violation {
  readonly key: string
  readonly left: string
  readonly right: string
}

/** What a client was told about an order. */
export interface Acknowledged {
  readonly orderId: OrderId
  /** Minor units. */
  readonly total: bigint
  readonly lines: ReadonlyArray<{ readonly sku: string; readonly quantity: number }>
}

/** What an invariant may compare the books with. */
export interface AuditContext {
  /** Epoch milliseconds on the store's clock. */
  readonly at: number
  /** Milliseconds that a store at work may take to bring its schemas in step; 0 at rest. */
  readonly graceMs: number
  /** What the provider says it captured, by payment; null when it was not asked. */
  readonly captured: ReadonlyMap<Uuid, ReadonlyArray<ProviderCapture>> | null
  /** What clients were told; null when nobody kept a book of it. */
  readonly promises: ReadonlyMap<OrderId, Acknowledged> | null
}

/** An invariant over each stock key. */
export interface StockInvariant {
  readonly name: string
  readonly about: (book: StockBook) => boolean
  readonly check: (book: StockBook, context: AuditContext) => ReadonlyArray<Violation>
}

/** An invariant over everything kept under one order id. */
export interface OrderInvariant {
  readonly name: string
  readonly about: (book: OrderBook, context: AuditContext) => boolean
  readonly check: (book: OrderBook, context: AuditContext) => ReadonlyArray<Violation>
}

/** The equation `left = right`; nothing when it holds. */
export const equal = (
  key: string,
  label: string,
  left: bigint | number | string,
  right: bigint | number | string
): ReadonlyArray<Violation> =>
  left === right ? [] : [{ key, left: `${label}: ${left}`, right: `${right}` }]

export const holds = (
  condition: boolean,
  key: string,
  left: string,
  right: string
): ReadonlyArray<Violation> => (condition ? [] : [{ key, left, right }])

export const sum = <A>(items: ReadonlyArray<A>, of: (item: A) => bigint): bigint =>
  items.reduce((total, item) => total + of(item), 0n)
