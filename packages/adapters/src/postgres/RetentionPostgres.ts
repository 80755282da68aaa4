import { Retention, type Retired, type Retirement } from "@doorbuster/core/retention/Retention"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Database, OrdersDatabase } from "./Database.ts"
import * as statements from "./retention/statements.ts"
import { integer, text, timestamp } from "./rows.ts"
import { lookAgain } from "./twins.ts"

/** The smallest id that can have been made at that time, or after it. */
const firstIdAt = (epochMs: number): string => {
  const time = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, "0")
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}

const nothing: Retired = { keys: 0, payloads: 0, more: false }

const retire = (db: Database, { limit, openedBefore }: Retirement) =>
  db.transaction("retention.retire", (tx) =>
    Effect.gen(function* () {
      const [, [own] = []] = yield* tx.flight([[statements.begin], [statements.take]])
      if (own === undefined) return nothing
      const youngest = [firstIdAt(openedBefore), timestamp(openedBefore)]
      const parameters = [text(own, "reached"), ...youngest, limit]
      const [row = {}] = yield* tx.finish(statements.retire, parameters)
      const retired: Retired = {
        keys: integer(row, "keys"),
        payloads: integer(row, "payloads"),
        more: integer(row, "looked_at") >= limit
      }
      return retired
    })
  )

/** Along the ids of the sagas, which are ordered by time, so it reads nothing twice. */
export const layer: Layer.Layer<Retention, never, OrdersDatabase> = Layer.effect(
  Retention,
  Effect.map(OrdersDatabase, (db) =>
    Retention.of({ retire: (retirement) => lookAgain(retire(db, retirement)) })
  )
)
