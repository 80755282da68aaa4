import {
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { booksOf } from "@doorbuster/adapters/simulated/BooksSimulated"
import { makeInventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import { Books } from "@doorbuster/core/audit/Books"
import * as Layer from "effect/Layer"
import { databaseOf, simulatedServer } from "./simulatedServer.ts"

const ports = Layer.mergeAll(
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

/** All three schemas on one simulated server, and the books over their tables. */
export const storeLayer = Layer.suspend(() => {
  const tables = {
    inventory: makeInventoryTables(),
    orders: makeOrdersTables(),
    money: makeMoneyTables()
  }
  const statements = new Map([
    ...inventoryStatements(tables.inventory),
    ...ordersStatements(tables.orders),
    ...moneyStatements(tables.money)
  ])
  const database = databaseOf(simulatedServer(statements))
  const databases = Layer.mergeAll(
    Layer.succeed(InventoryDatabase, database),
    Layer.succeed(OrdersDatabase, database),
    Layer.succeed(MoneyDatabase, database)
  )
  return Layer.merge(
    Layer.provide(ports, databases),
    Layer.succeed(Books, booksOf(tables, Date.now))
  )
})
