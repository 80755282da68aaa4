import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import { makeInventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import { directLink, type Link } from "@doorbuster/adapters/simulated/Link"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import * as Layer from "effect/Layer"

const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** A simulated server with the tables of the stock, in real time. */
export const inventoryServer = () => {
  const tables = makeInventoryTables()
  const server = new SimulatedServer(inventoryStatements(tables), {
    now: Date.now,
    after,
    deadlockMs: 10
  })
  return { server, tables }
}

/** One store process's pool of connections to the server. */
export const databaseOf = (server: SimulatedServer, link: Link = directLink) =>
  SimulatedDatabase.make({ server, link, after })

/** A server of its own behind a `InventoryDatabase`. */
export const inventoryDatabase = Layer.sync(InventoryDatabase, () =>
  databaseOf(inventoryServer().server)
)
