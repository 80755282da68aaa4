/** The rows of the schema `orders` as the simulated server keeps them. Times are epoch ms. */

export interface OrderRow {
  readonly orderId: string
  readonly account: string
  readonly externalRef: string | null
  readonly currency: string
  readonly state: string
  readonly sagaEpoch: number
  readonly itemsTotal: bigint
  readonly discountTotal: bigint
  readonly shippingTotal: bigint
  readonly taxTotal: bigint
  readonly includedTaxTotal: bigint
  readonly total: bigint
  readonly refundedTotal: bigint
  readonly lastSeq: number
  readonly quote: string
  readonly shipTo: string | null
  readonly occurredAt: number
  readonly createdAt: number
}

export interface LineRow {
  readonly orderId: string
  readonly lineNo: number
  readonly sku: string
  readonly name: string
  readonly kind: string
  readonly quantity: number
  readonly unitPrice: bigint
  readonly subtotal: bigint
  readonly discount: bigint
  readonly tax: bigint
  readonly taxIncluded: bigint
  readonly total: bigint
}

export interface EventRow {
  readonly orderId: string
  readonly seq: number
  readonly event: string
  readonly fromState: string | null
  readonly toState: string
  readonly sagaId: string
  readonly at: number
}

export interface ShipmentRow {
  readonly orderId: string
  readonly shipmentId: string
  readonly state: string
  readonly carrier: string | null
  readonly tracking: string | null
  readonly requestedAt: number
  readonly shippedAt: number | null
  readonly deliveredAt: number | null
}

export interface SagaRow {
  readonly sagaId: string
  readonly kind: string
  readonly orderId: string
  readonly account: string
  readonly key: string | null
  readonly payload: string | null
  readonly state: string
  readonly owner: string | null
  readonly epoch: number
  readonly cancelRequested: boolean
  readonly runAfter: number
  readonly attempts: number
  readonly lastError: string | null
  readonly openedAt: number
  readonly deadlineAt: number
  readonly closedAt: number | null
}

export interface KeyRow {
  readonly account: string
  readonly key: string
  readonly fingerprint: string
  readonly sagaId: string
  readonly orderId: string
  readonly status: number | null
  readonly body: string | null
  readonly createdAt: number
}

export interface WorkerRow {
  readonly worker: string
  readonly leaseUntil: number
}

/** A key of several columns as one text: no text of Postgres has a NUL in it. */
export const joined = (...columns: ReadonlyArray<string | number>): string =>
  columns.join(String.fromCharCode(0))
