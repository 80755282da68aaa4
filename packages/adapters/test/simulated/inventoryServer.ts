import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import { makeInventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import * as Layer from "effect/Layer"
import { databaseOf, simulatedServer } from "./simulatedServer.ts"

/** A simulated server with the tables of the stock. */
export const inventoryServer = () => {
  const tables = makeInventoryTables()
  return { server: simulatedServer(inventoryStatements(tables)), tables }
}

/** A server of its own behind a `InventoryDatabase`. */
export const inventoryDatabase = Layer.sync(InventoryDatabase, () =>
  databaseOf(inventoryServer().server)
)
