/** Every promise of every port, over the same adapters and migrations as on a server. */
import {
  booksContract,
  cartsContract,
  catalogContract,
  inventoryContract,
  inventoryModel,
  ordersContract,
  paymentsContract,
  sagasContract
} from "@doorbuster/adapters/contract"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as CartsPostgres from "@doorbuster/adapters/postgres/CartsPostgres"
import * as CatalogPostgres from "@doorbuster/adapters/postgres/CatalogPostgres"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as Layer from "effect/Layer"
import { embeddedStore } from "./embeddedStore.ts"

const { database } = await embeddedStore()

const ordersAndSagas = Layer.merge(OrdersPostgres.layer, SagasPostgres.layer)
const everything = Layer.mergeAll(
  ordersAndSagas,
  BooksPostgres.layer,
  InventoryPostgres.layer,
  PaymentsPostgres.layer
)

booksContract("embedded", everything.pipe(Layer.provide(database)))
cartsContract("embedded", CartsPostgres.layer.pipe(Layer.provide(database)))
catalogContract("embedded", CatalogPostgres.layer.pipe(Layer.provide(database)))
inventoryContract("embedded", InventoryPostgres.layer.pipe(Layer.provide(database)))
ordersContract("embedded", ordersAndSagas.pipe(Layer.provide(database)))
paymentsContract("embedded", PaymentsPostgres.layer.pipe(Layer.provide(database)))
sagasContract("embedded", ordersAndSagas.pipe(Layer.provide(database)))
inventoryModel("embedded", InventoryPostgres.layer.pipe(Layer.provide(database)), { numRuns: 15 })
