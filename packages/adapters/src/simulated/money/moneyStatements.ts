import type { Handler } from "../Execution.ts"
import { bookHandlers } from "./bookStatement.ts"
import { fenceHandlers } from "./fenceStatements.ts"
import { journalHandlers } from "./journalStatements.ts"
import type { MoneyTables } from "./MoneyTables.ts"
import { paymentHandlers } from "./paymentStatements.ts"
import { refundHandlers } from "./refundStatements.ts"

/** The simulated form of every statement that writes or reads the schema `money`, by its name. */
export const moneyStatements = (tables: MoneyTables): ReadonlyMap<string, Handler> =>
  new Map(
    [
      ...paymentHandlers(tables),
      ...fenceHandlers(tables),
      ...refundHandlers(tables),
      ...bookHandlers(tables),
      ...journalHandlers(tables)
    ].map(([{ name }, handler]) => [name, handler])
  )
