import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import type { ServerOptions } from "@doorbuster/adapters/simulated/SimulatedServer"
import * as Layer from "effect/Layer"
import { databaseOf, simulatedServer } from "./simulatedServer.ts"

/** A simulated server with the tables of the orders. */
export const ordersServer = (options: Partial<ServerOptions> = {}) => {
  const tables = makeOrdersTables()
  return { server: simulatedServer(ordersStatements(tables), options), tables }
}

/** A server of its own behind an `OrdersDatabase`. */
export const ordersDatabase = Layer.sync(OrdersDatabase, () => databaseOf(ordersServer().server))

/** The real adapters of orders and sagas on it. */
export const ordersLayer = Layer.merge(OrdersPostgres.layer, SagasPostgres.layer).pipe(
  Layer.provide(ordersDatabase)
)
