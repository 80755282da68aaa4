import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import { isAllowance, type StockKey } from "@doorbuster/core/inventory/StockKey"
import { rowsOf } from "@doorbuster/core/inventory/StockStrategy"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import { textArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import type { Chosen } from "./chosenStrategies.ts"
import { decideUnderLocks, holding, isRetry, operation } from "./decideUnderLocks.ts"
import { orderColumns, rowColumns } from "./demand.ts"
import { type Placed, place, placeAtStart, type Start, startOf } from "./placing.ts"
import { type Decision, decide, type Sight, sightOf, unitsOf } from "./sight.ts"
import * as statements from "./statements.ts"
import type { Take, Taken } from "./Take.ts"

const held: ReserveOutcome = { _tag: "Held" }

/** The parameters of `take`. */
export const taking = (
  queues: ReadonlyArray<StockKey>,
  locks: boolean,
  placed: ReadonlyArray<Placed>
): ReadonlyArray<unknown> => [
  textArray(queues),
  locks,
  ...rowColumns(placed).columns,
  ...orderColumns(placed)
]

/** What one `take` came to: everything was held, or what it saw instead. */
export const takenOf = (
  requests: ReadonlyArray<ReserveRequest>,
  rows: Parameters<typeof sightOf>[0]
): Taken | Sight =>
  rows[0]?.["state"] === "taken"
    ? { outcomes: requests.map(() => held), overtaken: [] }
    : sightOf(rows)

const keysOf = (requests: ReadonlyArray<ReserveRequest>): ReadonlySet<StockKey> =>
  new Set(requests.flatMap(({ lines }) => lines.map(({ key }) => key)))

const queued = (requests: ReadonlyArray<ReserveRequest>, chosen: Chosen) =>
  [...keysOf(requests)].filter((key) => chosen.get(key)?.strategy === "queued" && !isAllowance(key))

/**
 * The row that was tried has less than half of its share while every row could have a unit: laying
 * the units out anew helps those who come next.
 */
const isUneven = (key: StockKey, sight: Sight, start: Start, chosen: Chosen): boolean => {
  const choice = chosen.get(key)
  const own = sight.segments.get(key)
  if (choice === undefined || own === undefined) return false
  const rows = rowsOf(key, choice)
  const share = unitsOf(own) / rows
  const tried = own.find(({ segment }) => segment === start(key))?.available ?? 0
  return rows > 1 && share >= 1 && 2 * tried < share
}

/** Whoever wanted the units has them; if this fails, the next one who finds a row empty tries. */
const rebalanceUneven = (database: Database, sight: Sight, start: Start, chosen: Chosen) =>
  Effect.forEach(
    [...sight.segments.keys()].filter((key) => isUneven(key, sight, start, chosen)),
    (key) => Effect.ignore(database.query("inventory.rebalance", statements.rebalance, [key])),
    { discard: true }
  )

/** Takes the units where they were seen; two such batches may see the same ones. */
const probe = Effect.fnUntraced(function* (
  database: Database,
  decision: Decision,
  sight: Sight,
  start: Start,
  chosen: Chosen
) {
  const placed = place(decision.admitted, sight, start)
  yield* database.query(operation, statements.hold, holding(placed))
  yield* rebalanceUneven(database, sight, start, chosen)
  return decision
})

/**
 * `atomic`, `segmented` and `queued`: one round trip where all orders are new and all fit into the
 * rows that are tried first. Where none fits anywhere, or none is new, what that round trip has
 * shown is the answer. If the units lie on other rows of a segmented key, they are taken there. The
 * rest is decided under locks.
 */
export const takeInBatch: Take = (database, requests, chosen) => {
  const start = startOf(requests, chosen)
  const placed = placeAtStart(requests, start)
  const isSegmented = [...keysOf(requests)].some((key) => (chosen.get(key)?.segments ?? 1) > 1)
  const parameters = taking(queued(requests, chosen), false, placed)
  return database.query(operation, statements.take, parameters).pipe(
    Effect.flatMap((rows): Effect.Effect<Taken, StorageError> => {
      const taken = takenOf(requests, rows)
      if ("outcomes" in taken) return Effect.succeed(taken)
      const decision = decide(requests, taken)
      if (decision.admitted.length === 0) return Effect.succeed(decision)
      return isSegmented
        ? probe(database, decision, taken, start, chosen)
        : decideUnderLocks(database, requests, chosen)
    }),
    Effect.catchIf(isRetry, () => decideUnderLocks(database, requests, chosen))
  )
}
