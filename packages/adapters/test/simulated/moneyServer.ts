import { MoneyDatabase } from "@doorbuster/adapters/postgres/Database"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import * as Layer from "effect/Layer"
import { databaseOf, simulatedServer } from "./simulatedServer.ts"

/** A simulated server with the tables of the money. */
export const moneyServer = () => {
  const tables = makeMoneyTables()
  return { server: simulatedServer(moneyStatements(tables)), tables }
}

/** The real adapter of payments on a server of its own. */
export const paymentsLayer = PaymentsPostgres.layer.pipe(
  Layer.provideMerge(Layer.sync(MoneyDatabase, () => databaseOf(moneyServer().server)))
)
