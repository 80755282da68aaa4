import type { Sku } from "../catalog/Sku.ts"
import type { Minor } from "../money/Minor.ts"
import type { AccountId, OrderId } from "../order/OrderId.ts"
import type { Uuid } from "../Uuid.ts"

export interface RefundRequest {
  readonly orderId: OrderId
  /** Who asks: scope of the key. */
  readonly account: AccountId
  readonly key: string
  readonly fingerprint: string
  /** Minor units; null gives back all that is left. */
  readonly amount: Minor | null
  /** Units to put on sale again; `all` those that are still out. */
  readonly restock: "all" | ReadonlyArray<{ readonly sku: Sku; readonly quantity: number }>
  /** Epoch milliseconds of the business event; null is now. */
  readonly occurredAt: number | null
}

/** Money that has to go back because no order may keep it. */
export interface UnappliedReceipt {
  readonly captureId: string
  readonly paymentId: Uuid
  readonly orderId: OrderId
  readonly amount: Minor
}
