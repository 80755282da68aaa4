import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import { nullableArray, textArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { plainArray } from "../rows.ts"
import { demandOf, orderColumns } from "./demand.ts"
import { decide, type Sight, sightOf } from "./sight.ts"
import * as statements from "./statements.ts"

const operation = "inventory.reserve"
const isRetry = (error: StorageError) => error.reason === "retry"

export interface Taken {
  readonly outcomes: ReadonlyArray<ReserveOutcome>
  readonly overtaken: ReadonlyArray<ReserveRequest>
}

/** Reserves for orders that are distinct and agree on allowances. */
export type Take = (
  database: Database,
  requests: ReadonlyArray<ReserveRequest>
) => Effect.Effect<Taken, StorageError>

const held: ReserveOutcome = { _tag: "Held" }

const lookAt = (requests: ReadonlyArray<ReserveRequest>) => {
  const { allowances, keys } = demandOf(requests)
  return [
    textArray(keys),
    nullableArray(allowances),
    plainArray(requests.map(({ orderId }) => orderId))
  ]
}

const holding = (requests: ReadonlyArray<ReserveRequest>, versions?: Sight["versions"]) => {
  const { allowances, keys, units } = demandOf(requests)
  const required = versions === undefined ? [] : keys.map((key) => versions.get(key) ?? null)
  return [
    textArray(keys),
    plainArray(units),
    nullableArray(allowances),
    nullableArray(required),
    ...orderColumns(requests)
  ]
}

/** Two round trips: lock and look, then write and commit. */
const pessimistic: Take = (database, requests) =>
  database.transaction(operation, (transaction) =>
    Effect.gen(function* () {
      const seen = lookAt(requests)
      const [, rows = []] = yield* transaction.flight([
        [statements.lock, [seen[0]]],
        [statements.look, seen]
      ])
      const decision = decide(requests, sightOf(rows))
      if (decision.admitted.length > 0) {
        yield* transaction.finish(statements.hold, holding(decision.admitted))
      }
      return decision
    })
  )

const optimisticTries = 5

/** Reads without a lock and writes on condition that no version has changed. */
const optimistic: Take = Effect.fnUntraced(function* (database, requests) {
  for (let tries = 0; tries < optimisticTries; tries++) {
    const rows = yield* database.query(operation, statements.look, lookAt(requests))
    const sight = sightOf(rows)
    const decision = decide(requests, sight)
    if (decision.admitted.length === 0) return decision
    const write = database.query(
      operation,
      statements.hold,
      holding(decision.admitted, sight.versions)
    )
    const isWritten = yield* write.pipe(
      Effect.as(true),
      Effect.catchIf(isRetry, () => Effect.succeed(false))
    )
    if (isWritten) return decision
  }
  return yield* pessimistic(database, requests)
})

/**
 * One round trip where all orders are new and all fit. Where none fits, or none is new, what that
 * round trip has shown is the answer. The rest is decided under locks.
 */
const atomic: Take = (database, requests) => {
  const { allowances, keys, units } = demandOf(requests)
  const parameters = [
    textArray(keys),
    plainArray(units),
    nullableArray(allowances),
    ...orderColumns(requests)
  ]
  return database.query(operation, statements.take, parameters).pipe(
    Effect.flatMap((rows): Effect.Effect<Taken, StorageError> => {
      const taken = { outcomes: requests.map(() => held), overtaken: [] }
      if (rows[0]?.["state"] === "taken") return Effect.succeed(taken)
      const decision = decide(requests, sightOf(rows))
      return decision.admitted.length === 0
        ? Effect.succeed(decision)
        : pessimistic(database, requests)
    }),
    Effect.catchIf(isRetry, () => pessimistic(database, requests))
  )
}

/** How a batch is reserved, by the strategy of its keys. */
export const takes: Readonly<Record<StockStrategy, Take>> = { atomic, pessimistic, optimistic }
