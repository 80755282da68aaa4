import {
  type Database,
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import { layer as inventoryLayer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import { layer as ordersLayer } from "@doorbuster/adapters/postgres/OrdersPostgres"
import { layer as paymentsLayer } from "@doorbuster/adapters/postgres/PaymentsPostgres"
import { layer as sagasLayer } from "@doorbuster/adapters/postgres/SagasPostgres"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { Payments } from "@doorbuster/core/payment/Payments"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The ports of one store process, and the database behind them. */
export interface Ports {
  readonly database: Database
  readonly inventory: Inventory["Service"]
  readonly sagas: Sagas["Service"]
  readonly orders: Orders["Service"]
  readonly payments: Payments["Service"]
}

const layers = Layer.mergeAll(inventoryLayer, ordersLayer, sagasLayer, paymentsLayer)

/** The adapters of Postgres over any database. */
export const portsOver = (database: Database): Ports => {
  const databases = Layer.mergeAll(
    Layer.succeed(InventoryDatabase, database),
    Layer.succeed(OrdersDatabase, database),
    Layer.succeed(MoneyDatabase, database)
  )
  const context = Effect.runSync(Effect.scoped(Layer.build(Layer.provide(layers, databases))))
  return {
    database,
    inventory: Context.get(context, Inventory),
    sagas: Context.get(context, Sagas),
    orders: Context.get(context, Orders),
    payments: Context.get(context, Payments)
  }
}
