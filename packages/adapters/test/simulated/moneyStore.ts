import { MoneyDatabase } from "@doorbuster/adapters/postgres/Database"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import { directLink } from "@doorbuster/adapters/simulated/Link"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import * as Layer from "effect/Layer"

export const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** The schema on a simulated server of its own, in real time, over a wire without length. */
export const moneyStore = () => {
  const tables = makeMoneyTables()
  const server = new SimulatedServer(moneyStatements(tables), { now: Date.now, after })
  const database = SimulatedDatabase.make({ server, link: directLink, after })
  return { tables, server, database }
}

export const paymentsLayer = PaymentsPostgres.layer.pipe(
  Layer.provideMerge(Layer.sync(MoneyDatabase, () => moneyStore().database))
)
