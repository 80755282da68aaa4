import { MemoryStore } from "@doorbuster/adapters/memory/MemoryStore"
import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The store's own record of stock that moved without an order. */
export class MovementLog extends Context.Service<
  MovementLog,
  {
    /** Signed units of those of these movements that are on record. */
    readonly units: (
      ids: ReadonlyArray<Uuid>
    ) => Effect.Effect<ReadonlyMap<Uuid, number>, StorageError>
  }
>()("@doorbuster/loadgen/replay/MovementLog") {
  static readonly layerMemory = Layer.effect(
    MovementLog,
    Effect.gen(function* () {
      const { inventory } = yield* MemoryStore
      return {
        units: (ids) =>
          Effect.sync(() => {
            const units = new Map<Uuid, number>()
            for (const id of ids) {
              const movement = inventory.movements.get(id)
              if (movement !== undefined) units.set(id, movement.quantity)
            }
            return units
          })
      }
    })
  )

  static readonly layerPostgres = Layer.effect(
    MovementLog,
    Effect.gen(function* () {
      const database = yield* InventoryDatabase
      return {
        units: (ids) =>
          Effect.map(
            database.query("replay.movements", select, [`{${ids.join(",")}}`]),
            (rows) => new Map(rows.map((row) => [row["id"] as Uuid, Number(row["quantity"])]))
          )
      }
    })
  )
}

const select = {
  name: "replay.movements",
  text: "select id, quantity from inventory.movements where id = any($1::uuid[])"
}
