import type { Books } from "@doorbuster/core/audit/Books"
import type { Carts } from "@doorbuster/core/cart/Carts"
import type { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { Orders } from "@doorbuster/core/order/Orders"
import type { Sagas } from "@doorbuster/core/order/Sagas"
import type { Payments } from "@doorbuster/core/payment/Payments"
import * as Layer from "effect/Layer"
import * as BooksMemory from "./BooksMemory.ts"
import * as CartsMemory from "./CartsMemory.ts"
import * as CatalogMemory from "./CatalogMemory.ts"
import * as InventoryMemory from "./InventoryMemory.ts"
import { MemoryStore } from "./MemoryStore.ts"
import * as OrdersMemory from "./OrdersMemory.ts"
import * as PaymentsMemory from "./PaymentsMemory.ts"
import * as SagasMemory from "./SagasMemory.ts"

export type StorePorts = Books | Carts | Catalog | Inventory | Orders | Payments | Sagas

/** Every storage port over one given store: give it to several processes and they share it. */
export const layerShared: Layer.Layer<StorePorts, never, MemoryStore> = Layer.mergeAll(
  BooksMemory.layer,
  CartsMemory.layer,
  CatalogMemory.layer,
  InventoryMemory.layer,
  OrdersMemory.layer,
  PaymentsMemory.layer,
  SagasMemory.layer
)

/** Every storage port over a fresh store of its own, which is gone with it. */
export const layer: Layer.Layer<StorePorts> = layerShared.pipe(Layer.provide(MemoryStore.layer))
