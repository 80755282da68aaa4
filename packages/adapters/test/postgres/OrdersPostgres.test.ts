import { ordersContract } from "@doorbuster/adapters/contract/ordersContract"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

ordersContract(
  "postgres",
  Layer.merge(OrdersPostgres.layer, SagasPostgres.layer).pipe(
    Layer.provide(databaseLayer("orders"))
  )
)
