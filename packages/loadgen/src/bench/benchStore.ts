/** The store under test: all of it but HTTP, with a provider inside the process that approves. */
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as CartsPostgres from "@doorbuster/adapters/postgres/CartsPostgres"
import * as CatalogPostgres from "@doorbuster/adapters/postgres/CatalogPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { Writes } from "@doorbuster/core/batch/Writes"
import * as StoreCore from "@doorbuster/core/StoreCore"
import * as Layer from "effect/Layer"

const storage = Layer.mergeAll(
  BooksPostgres.layer,
  CartsPostgres.layer,
  CatalogPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

const provider = Sandbox.layer(approveAll).pipe(Layer.provide(SandboxBookMemory.layer))

/** The ports alone: for looking at what a store has done, after it has ended. */
export const benchPorts = (options: Database.Options) =>
  Layer.fresh(storage.pipe(Layer.provideMerge(Database.layer(options))))

/** The ports, and the batches of writes in front of them. */
export const benchWrites = (options: Database.Options) =>
  Layer.fresh(
    Writes.layer.pipe(Layer.provideMerge(storage), Layer.provideMerge(Database.layer(options)))
  )

/** A process that takes orders. */
export const benchStore = (options: Database.Options) =>
  Layer.fresh(
    StoreCore.layerWorker.pipe(
      Layer.provideMerge(provider),
      Layer.provideMerge(storage),
      Layer.provideMerge(Database.layer(options))
    )
  )
