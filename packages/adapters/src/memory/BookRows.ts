import type { Movement } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type {
  Attempt,
  Claim,
  MoneyTables,
  OrdersTables,
  Receipt,
  Returned,
  StockRow
} from "./MemoryStore.ts"

/** What the books say of a receipt. */
export type ReceiptRow = Pick<
  Receipt,
  "captureId" | "paymentId" | "amount" | "currency" | "applied"
>

/** What the books are made of: a memory store, or any rows in its shape. */
export interface BookRows {
  readonly inventory: {
    readonly stock: ReadonlyMap<StockKey, ReadonlyArray<StockRow>>
    readonly movements: ReadonlyMap<string, Pick<Movement, "key" | "quantity">>
    readonly attempts: ReadonlyMap<OrderId, Pick<Attempt, "lines">>
    readonly returns: ReadonlyMap<string, Returned>
  }
  readonly orders: Pick<OrdersTables, "orders" | "history" | "shipments" | "sagas" | "leases"> & {
    readonly claims: ReadonlyMap<string, Pick<Claim, "sagaId" | "answer">>
  }
  readonly money: Pick<
    MoneyTables,
    "payments" | "paymentsOfOrder" | "refunds" | "refundsOfPayment" | "entries" | "entriesOfOrder"
  > & { readonly receipts: ReadonlyMap<string, ReceiptRow> }
}
