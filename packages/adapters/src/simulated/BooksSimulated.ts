import type { Books } from "@doorbuster/core/audit/Books"
import * as Effect from "effect/Effect"
import type { BookRows } from "../memory/BookRows.ts"
import { booksOf as booksOfRows } from "../memory/BooksMemory.ts"
import { inventoryBooks } from "./books/inventoryBooks.ts"
import { moneyBooks, orphans } from "./books/moneyBooks.ts"
import { ordersBooks } from "./books/ordersBooks.ts"
import type { InventoryTables } from "./inventory/InventoryTables.ts"
import type { MoneyTables } from "./money/MoneyTables.ts"
import type { OrdersTables } from "./orders/OrdersTables.ts"

interface SimulatedTables {
  readonly inventory: InventoryTables
  readonly orders: OrdersTables
  readonly money: MoneyTables
}

/** Read from the tables themselves: an audit takes no connection, no time and no locks. */
const rowsOf = (tables: SimulatedTables): BookRows => ({
  get inventory() {
    return inventoryBooks(tables.inventory)
  },
  get orders() {
    return ordersBooks(tables.orders)
  },
  get money() {
    return moneyBooks(tables.money)
  }
})

/** The books of what was committed to a simulated server; `now` is that server's clock. */
export const booksOf = (tables: SimulatedTables, now: () => number): Books["Service"] => ({
  ...booksOfRows(rowsOf(tables), Effect.sync(now)),
  orphanPostings: Effect.sync(() => orphans(tables.money))
})
