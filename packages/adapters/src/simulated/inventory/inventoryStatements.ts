import type { Handler } from "../Execution.ts"
import type { InventoryTables } from "./InventoryTables.ts"
import { moveStatements } from "./moveStatements.ts"
import { reserveStatements } from "./reserveStatements.ts"
import { settleStatements } from "./settleStatements.ts"
import { stockStatements } from "./stockStatements.ts"
import { strategyStatements } from "./strategyStatements.ts"

/** The simulated forms of the stock's statements, by the statements' names. */
export const inventoryStatements = (tables: InventoryTables): Map<string, Handler> =>
  new Map(
    [
      ...reserveStatements(tables),
      ...settleStatements(tables),
      ...stockStatements(tables),
      ...moveStatements(tables),
      ...strategyStatements(tables)
    ].map(([{ name }, handler]) => [name, handler])
  )
