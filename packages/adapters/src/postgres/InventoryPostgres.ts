import type { Reservation, StockLevel } from "@doorbuster/core/inventory/Inventory"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { isAllowance, type StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { InventoryDatabase } from "./Database.ts"
import { chosenStrategies } from "./inventory/chosenStrategies.ts"
import { giveBack } from "./inventory/giveBack.ts"
import { move } from "./inventory/move.ts"
import { reserve } from "./inventory/reserve.ts"
import { commit, fence, release } from "./inventory/settle.ts"
import * as statements from "./inventory/statements.ts"
import { integer, plainArray, type Row, text } from "./rows.ts"
import { lookAgain } from "./twins.ts"

const level = (row: Row): StockLevel => ({
  key: text(row, "sku") as StockKey,
  segment: integer(row, "segment"),
  received: integer(row, "received"),
  reserved: integer(row, "reserved"),
  sold: integer(row, "sold")
})

const reservation = (row: Row): Reservation => ({
  orderId: text(row, "order_id") as OrderId,
  key: text(row, "sku") as StockKey,
  segment: integer(row, "segment"),
  quantity: integer(row, "quantity"),
  returned: integer(row, "returned"),
  state: text(row, "state") as Reservation["state"],
  expiresAt: integer(row, "expires_at")
})

const levels = (database: InventoryDatabase["Service"], keys: ReadonlyArray<StockKey>) =>
  database
    .query("inventory.levels", statements.levels, [keys])
    .pipe(Effect.map((rows) => rows.map(level)))

/** One transaction: the levels are those that were laid out. Allowances have but one row. */
const rebalance = (database: InventoryDatabase["Service"], key: StockKey) =>
  isAllowance(key)
    ? levels(database, [key])
    : database
        .transaction("inventory.rebalance", (transaction) =>
          transaction.flight([
            [statements.rebalance, [key]],
            [statements.levels, [[key]]]
          ])
        )
        .pipe(Effect.map(([, rows = []]) => rows.map(level)))

/** Stock in Postgres, real or embedded; the schema's functions tell how it is locked. */
export const layer: Layer.Layer<Inventory, never, InventoryDatabase> = Layer.effect(
  Inventory,
  Effect.gen(function* () {
    const database = yield* InventoryDatabase
    const strategies = chosenStrategies(database)
    return Inventory.of({
      reserve: (batch) => lookAgain(reserve(database, strategies, batch)),
      commit: (batch) => lookAgain(commit(database, batch)),
      release: (batch) => lookAgain(release(database, batch)),
      giveBack: (batch) => lookAgain(giveBack(database, batch)),
      move: (batch) => lookAgain(move(database, batch)),
      fence: (orders) => lookAgain(fence(database, orders)),
      levels: (keys) => levels(database, keys),
      reservations: (orderId, keys) =>
        database
          .query("inventory.reservations", statements.reservations, [
            plainArray(keys.map(() => orderId)),
            keys
          ])
          .pipe(Effect.map((rows) => rows.map(reservation))),
      setStrategy: (key, choice) => lookAgain(strategies.set(key, choice)),
      strategies: strategies.of,
      rebalance: (key) => lookAgain(rebalance(database, key))
    })
  })
)
