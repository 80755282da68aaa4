import type { ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import { bigintArray, uuidArray } from "../arrays.ts"
import { keyColumns, orderColumns, rowColumns } from "./demand.ts"
import { type Placed, place, startOf } from "./placing.ts"
import { decide, rowsSeen, type Sight, sightOf } from "./sight.ts"
import * as statements from "./statements.ts"
import type { Take } from "./Take.ts"

export const operation = "inventory.reserve"

export const isRetry = (error: StorageError) => error.reason === "retry"

/** The parameters of `look`. */
export const looking = (requests: ReadonlyArray<ReserveRequest>) => [
  ...keyColumns(requests),
  uuidArray(requests.map(({ orderId }) => orderId))
]

/** The parameters of `hold`; the rows must have the versions that were seen, if any are given. */
export const holding = (
  requests: ReadonlyArray<Placed>,
  versions?: Sight["segments"]
): ReadonlyArray<unknown> => {
  const { columns, rows } = rowColumns(requests)
  const required =
    versions === undefined
      ? []
      : rows.map(
          ({ key, segment }) =>
            versions.get(key)?.find((seen) => seen.segment === segment)?.version ?? null
        )
  return [...columns, bigintArray(required), ...orderColumns(requests)]
}

const rowMade = new StorageError({
  operation,
  reason: "retry",
  detail: "a stock row was made while its key's others were waited for"
})

/**
 * What every strategy falls back on: all rows of the keys are locked, so that what is decided on
 * cannot change, wherever the units lie. Two round trips: lock and look, then write and commit.
 */
export const decideUnderLocks: Take = (database, requests, chosen) =>
  database.transaction(operation, (transaction) =>
    Effect.gen(function* () {
      const seen = looking(requests)
      const [locked = [], rows = []] = yield* transaction.flight([
        [statements.lock, [seen[0]]],
        [statements.look, seen]
      ])
      const sight = sightOf(rows)
      const decision = decide(requests, sight)
      if (decision.admitted.length === 0) return decision
      // A row that is not locked could only be locked behind others that come after it.
      if (rowsSeen(sight) > locked.length) return yield* Effect.fail(rowMade)
      const placed = place(decision.admitted, sight, startOf(requests, chosen))
      yield* transaction.finish(statements.hold, holding(placed))
      return decision
    })
  )
