import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import { chainsOf } from "./chains.ts"
import type { Chosen } from "./chosenStrategies.ts"
import { decideUnderLocks, holding, isRetry, looking, operation } from "./decideUnderLocks.ts"
import { place, startOf } from "./placing.ts"
import { decide, sightOf } from "./sight.ts"
import * as statements from "./statements.ts"
import type { Take, Taken } from "./Take.ts"
import { takenOf, taking } from "./takeInBatch.ts"

type TakeOne = (
  database: Database,
  request: ReserveRequest,
  chosen: Chosen
) => Effect.Effect<Taken, StorageError>

/** Connections that one batch takes at most. */
const connectionsMax = 4

/** Order by order in a transaction each; those that have no key in common do not wait. */
const oneByOne = (takeOne: TakeOne): Take =>
  Effect.fnUntraced(function* (database, requests, chosen) {
    const outcomes = new Map<ReserveRequest, ReserveOutcome>()
    const overtaken: Array<ReserveRequest> = []
    const takeChain = Effect.fnUntraced(function* (chain: ReadonlyArray<ReserveRequest>) {
      for (const request of chain) {
        const taken = yield* takeOne(database, request, chosen)
        outcomes.set(request, taken.outcomes[0] as ReserveOutcome)
        overtaken.push(...taken.overtaken)
      }
    })
    yield* Effect.forEach(chainsOf(requests), takeChain, {
      concurrency: connectionsMax,
      discard: true
    })
    const answers = requests.map((request) => outcomes.get(request) as ReserveOutcome)
    return { outcomes: answers, overtaken }
  })

/**
 * One round trip in which the rows are locked, read, decided on and written. If the first row has
 * too little, the others are asked as well.
 */
const lockAndTake: TakeOne = (database, request, chosen) =>
  database.query(operation, statements.take, taking([], true, [request])).pipe(
    Effect.flatMap((rows): Effect.Effect<Taken, StorageError> => {
      const taken = takenOf([request], rows)
      if ("outcomes" in taken) return Effect.succeed(taken)
      const decision = decide([request], taken)
      return decision.admitted.length === 0
        ? Effect.succeed(decision)
        : decideUnderLocks(database, [request], chosen)
    }),
    Effect.catchIf(isRetry, () => decideUnderLocks(database, [request], chosen))
  )

const tries = 5

/** Reads without a lock and writes on condition that no version has changed. */
const lookAndTake: TakeOne = Effect.fnUntraced(function* (database, request, chosen) {
  const requests = [request]
  for (let tried = 0; tried < tries; tried++) {
    const rows = yield* database.query(operation, statements.look, looking(requests))
    const sight = sightOf(rows)
    const decision = decide(requests, sight)
    if (decision.admitted.length === 0) return decision
    const placed = place(requests, sight, startOf(requests, chosen))
    const write = database.query(operation, statements.hold, holding(placed, sight.segments))
    const isWritten = yield* write.pipe(
      Effect.as(true),
      Effect.catchIf(isRetry, () => Effect.succeed(false))
    )
    if (isWritten) return decision
  }
  return yield* decideUnderLocks(database, requests, chosen)
})

export const pessimistic = oneByOne(lockAndTake)
export const optimistic = oneByOne(lookAndTake)
