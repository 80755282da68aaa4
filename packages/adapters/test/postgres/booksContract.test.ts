import { booksContract } from "@doorbuster/adapters/contract/booksContract"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

const store = Layer.mergeAll(
  BooksPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

booksContract("postgres", store.pipe(Layer.provide(databaseLayer("inventory", "orders", "money"))))
