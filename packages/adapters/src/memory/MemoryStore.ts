import type { CartLine } from "@doorbuster/core/cart/Cart"
import type { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import type { Promotion } from "@doorbuster/core/catalog/Promotion"
import type { ShippingMethod } from "@doorbuster/core/catalog/ShippingMethod"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { TaxRate } from "@doorbuster/core/catalog/TaxRate"
import type { HotKey } from "@doorbuster/core/edge/heat/HotKeys"
import type { Movement, Reservation } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { StrategyChoice } from "@doorbuster/core/inventory/StockStrategy"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import type { Order, OrderHistoryEvent, Shipment } from "@doorbuster/core/order/Order"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord, StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { UnappliedReason } from "@doorbuster/core/payment/booking"
import type { Payment, Refund } from "@doorbuster/core/payment/Payment"
import type { RecordCapture } from "@doorbuster/core/payment/Payments"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"

/** Units of one key and segment. */
export interface StockRow {
  readonly received: number
  readonly reserved: number
  readonly sold: number
}

/** The header of one order's reservation: its epoch fence and, once closed, its tombstone. */
export interface Attempt {
  readonly epoch: number
  readonly state: "fenced" | "held" | "committed" | "closed"
  readonly lines: ReadonlyArray<Reservation>
}

/** What a return has brought back, and to which rows. */
export interface Returned {
  readonly lines: ReadonlyArray<Pick<Reservation, "key" | "segment" | "quantity">>
}

const inventoryTables = () => ({
  /** The rows of a key by their segment. */
  stock: new Map<StockKey, ReadonlyArray<StockRow>>(),
  strategies: new Map<StockKey, StrategyChoice>(),
  hotKeys: new Map<StockKey, HotKey>(),
  movements: new Map<Uuid, Movement>(),
  attempts: new Map<OrderId, Attempt>(),
  returns: new Map<Uuid, Returned>()
})
export type InventoryTables = ReturnType<typeof inventoryTables>

/** An idempotency key: who holds it, for which body, and what was answered first. */
export interface Claim {
  readonly fingerprint: string
  readonly sagaId: Uuid
  readonly answer: StoredAnswer | null
}

const ordersTables = () => ({
  orders: new Map<OrderId, Order>(),
  /** By reference, then by account: a reference is unique within its account only. */
  references: new Map<string, Map<AccountId, OrderId>>(),
  history: new Map<OrderId, ReadonlyArray<OrderHistoryEvent>>(),
  shipments: new Map<OrderId, ReadonlyArray<Shipment>>(),
  sagas: new Map<Uuid, SagaRecord>(),
  /** The open ones among `sagas`: what a claim looks through. */
  open: new Set<Uuid>(),
  /** By account and key, joined by a space, which neither account has. */
  claims: new Map<string, Claim>(),
  /** Epoch milliseconds until which each worker is alive. */
  leases: new Map<string, number>()
})
export type OrdersTables = ReturnType<typeof ordersTables>

export interface Receipt extends RecordCapture {
  readonly applied: boolean
}

export interface Break {
  readonly reason: UnappliedReason
  readonly capture: RecordCapture
}

const moneyTables = () => ({
  payments: new Map<Uuid, Payment>(),
  paymentsOfOrder: new Map<OrderId, ReadonlyArray<Uuid>>(),
  declines: new Map<Uuid, string>(),
  /** The highest epoch seen per order, also where no payment exists yet. */
  epochs: new Map<OrderId, number>(),
  receipts: new Map<string, Receipt>(),
  breaks: [] as Break[],
  refunds: new Map<Uuid, Refund>(),
  refundsOfPayment: new Map<Uuid, ReadonlyArray<Uuid>>(),
  entries: new Map<string, Entry>(),
  entriesOfOrder: new Map<OrderId, ReadonlyArray<string>>()
})
export type MoneyTables = ReturnType<typeof moneyTables>

const catalogTables = () => ({
  products: new Map<Sku, Product>(),
  prices: new Map<Sku, ReadonlyMap<string, Price>>(),
  promotions: new Map<string, Promotion>(),
  taxRates: new Map<string, TaxRate>(),
  shippingMethods: new Map<string, ShippingMethod>(),
  carts: new Map<AccountId, ReadonlyArray<CartLine>>()
})
export type CatalogTables = ReturnType<typeof catalogTables>

/** An empty store. */
export const make = (): MemoryStore["Service"] => ({
  inventory: inventoryTables(),
  orders: ordersTables(),
  money: moneyTables(),
  catalog: catalogTables()
})

/**
 * The rows behind the memory adapters, one object per schema. It is a service of its own so that
 * several store processes of a test or a simulation can be given the same one, as they would be
 * given the same database; it outlives any of them.
 *
 * Rows are never changed in place: whoever read one keeps what it read.
 */
export class MemoryStore extends Context.Service<
  MemoryStore,
  {
    readonly inventory: InventoryTables
    readonly orders: OrdersTables
    readonly money: MoneyTables
    readonly catalog: CatalogTables
  }
>()("@doorbuster/adapters/memory/MemoryStore") {
  /** A fresh store for whatever is built with it. */
  static readonly layer: Layer.Layer<MemoryStore> = Layer.sync(MemoryStore, make)
}
