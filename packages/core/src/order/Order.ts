import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { Uuid } from "../Uuid.ts"
import type { AccountId, OrderId } from "./OrderId.ts"
import type { OrderEvent, OrderState } from "./OrderState.ts"

/** One line as it was sold; `total = subtotal - discount + tax`, minor units. */
export interface OrderLine {
  readonly lineNo: number
  readonly sku: string
  readonly name: string
  /** `service` lines (postage, fees) have no stock. */
  readonly kind: "stocked" | "service"
  readonly quantity: number
  readonly unitPrice: Minor
  readonly subtotal: Minor
  readonly discount: Minor
  /** Added on top of the price. */
  readonly tax: Minor
  /** Contained in the price. */
  readonly taxIncluded: Minor
  readonly total: Minor
}

/** `total = itemsTotal - discountTotal + taxTotal + shippingTotal`, minor units. */
export interface OrderTotals {
  readonly itemsTotal: Minor
  readonly discountTotal: Minor
  readonly shippingTotal: Minor
  readonly taxTotal: Minor
  readonly includedTaxTotal: Minor
  readonly total: Minor
}

export interface NewOrder extends OrderTotals {
  readonly orderId: OrderId
  readonly account: AccountId
  /** The merchant's own reference, unique per account for ever. */
  readonly externalRef: string | null
  readonly currency: Currency
  readonly lines: ReadonlyArray<OrderLine>
  /** The quote with its trace, JSON. */
  readonly quote: string
  /** Where it goes, JSON. */
  readonly shipTo: string | null
  /** Epoch milliseconds of the business event. */
  readonly occurredAt: number
}

export interface Order extends NewOrder {
  readonly state: OrderState
  readonly refundedTotal: Minor
}

/** One step of an order's history; `seq` counts from 1 without a gap. */
export interface OrderHistoryEvent {
  readonly seq: number
  readonly event: OrderEvent
  readonly from: OrderState | null
  readonly to: OrderState
  readonly sagaId: Uuid
  /** Epoch milliseconds. */
  readonly at: number
}

export type ShipmentState = "requested" | "shipped" | "delivered"

export interface Shipment {
  readonly shipmentId: Uuid
  readonly orderId: OrderId
  readonly state: ShipmentState
  readonly carrier: string | null
  readonly tracking: string | null
  readonly requestedAt: number
  readonly shippedAt: number | null
  readonly deliveredAt: number | null
}
