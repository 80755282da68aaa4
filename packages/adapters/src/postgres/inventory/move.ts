import type { Movement, MovementOutcome } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import { integer, plainArray, type Row, text, timestamp } from "../rows.ts"
import * as statements from "./statements.ts"

/** What makes two movements of one id the same. */
type Content = Pick<Movement, "key" | "quantity" | "kind">

const isSame = (one: Content, other: Content): boolean =>
  one.key === other.key && one.quantity === other.quantity && one.kind === other.kind

const contentsOf = (rows: ReadonlyArray<Row>): Map<string, Content> =>
  new Map(
    rows.map((row) => [
      text(row, "id"),
      {
        key: text(row, "sku") as StockKey,
        quantity: integer(row, "quantity"),
        kind: text(row, "kind") as Movement["kind"]
      }
    ])
  )

const availableOf = (rows: ReadonlyArray<Row>): Map<StockKey, number> =>
  new Map(
    rows
      .filter((row) => row["segment"] === 0)
      .map((row) => [
        text(row, "sku") as StockKey,
        integer(row, "received") - integer(row, "reserved") - integer(row, "sold")
      ])
  )

/** Judges the movements in their order, each on what the earlier ones have left. */
const judge = (
  batch: ReadonlyArray<Movement>,
  known: Map<string, Content>,
  available: Map<StockKey, number>
) => {
  const accepted: Array<Movement> = []
  const outcomes = batch.map((movement): MovementOutcome => {
    const { key, movementId, quantity } = movement
    const before = known.get(movementId)
    if (before !== undefined) {
      return isSame(before, movement)
        ? { _tag: "Moved", replayed: true }
        : { _tag: "MovementReused" }
    }
    const units = available.get(key) ?? 0
    if (units + quantity < 0) return { _tag: "OutOfStock", key, available: units }
    known.set(movementId, movement)
    available.set(key, units + quantity)
    accepted.push(movement)
    return { _tag: "Moved", replayed: false }
  })
  return { accepted, outcomes }
}

const columns = (accepted: ReadonlyArray<Movement>): ReadonlyArray<unknown> => {
  const differences = new Map<StockKey, number>()
  for (const { key, quantity } of accepted) {
    differences.set(key, (differences.get(key) ?? 0) + quantity)
  }
  return [
    plainArray(accepted.map(({ movementId }) => movementId)),
    accepted.map(({ key }) => key),
    plainArray(accepted.map(({ quantity }) => quantity)),
    accepted.map(({ kind }) => kind),
    accepted.map(({ reason }) => reason),
    accepted.map(({ occurredAt }) => timestamp(occurredAt)),
    [...differences.keys()],
    plainArray([...differences.values()])
  ]
}

/** Two round trips: lock and look, then write and commit. */
export const move = Effect.fnUntraced(function* (
  database: Database,
  batch: ReadonlyArray<Movement>
) {
  if (batch.length === 0) return []
  const keys = [...new Set(batch.map(({ key }) => key))].sort()
  return yield* database.transaction("inventory.move", (transaction) =>
    Effect.gen(function* () {
      const [, levels = [], before = []] = yield* transaction.flight([
        [statements.lock, [keys]],
        [statements.levels, [keys]],
        [statements.movements, [plainArray(batch.map(({ movementId }) => movementId))]]
      ])
      const { accepted, outcomes } = judge(batch, contentsOf(before), availableOf(levels))
      if (accepted.length > 0) yield* transaction.finish(statements.move, columns(accepted))
      return outcomes
    })
  )
})
