import type { Handler } from "../Execution.ts"
import { cancelingStatements } from "./cancelingStatements.ts"
import { closingStatements } from "./closingStatements.ts"
import { completingStatements } from "./completingStatements.ts"
import { creatingStatements } from "./creatingStatements.ts"
import { lists } from "./lists.ts"
import { movingStatements } from "./movingStatements.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import { openingStatements } from "./openingStatements.ts"
import { owningStatements } from "./owningStatements.ts"
import { readingStatements } from "./readingStatements.ts"

/** Every statement of the schema `orders` in its simulated form, by name. */
export const ordersStatements = (tables: OrdersTables): Map<string, Handler> => {
  const topics = [
    creatingStatements,
    movingStatements,
    completingStatements,
    readingStatements,
    openingStatements,
    closingStatements,
    owningStatements,
    cancelingStatements
  ]
  const named = topics.flatMap((topic) =>
    topic(tables).map(([{ name }, handler]) => [name, handler] as const)
  )
  return new Map([...named, ...lists(tables)])
}
