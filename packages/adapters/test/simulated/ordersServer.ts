import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { directLink } from "@doorbuster/adapters/simulated/Link"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { type ServerOptions, SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import * as Layer from "effect/Layer"

const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** A simulated server with the tables of the orders, in real time unless told otherwise. */
export const ordersServer = (options: Partial<ServerOptions> = {}) => {
  const tables = makeOrdersTables()
  const server = new SimulatedServer(ordersStatements(tables), {
    now: Date.now,
    after,
    deadlockMs: 10,
    ...options
  })
  return { server, tables }
}

/** A server of its own behind an `OrdersDatabase`. */
export const ordersDatabase = Layer.sync(OrdersDatabase, () =>
  SimulatedDatabase.make({ server: ordersServer().server, link: directLink, after })
)

/** The real adapters of orders and sagas on it. */
export const ordersLayer = Layer.merge(OrdersPostgres.layer, SagasPostgres.layer).pipe(
  Layer.provide(ordersDatabase)
)
