import type { Movement, MovementOutcome } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { defaultChoice, rowsOf } from "@doorbuster/core/inventory/StockStrategy"
import { movementParts } from "@doorbuster/core/inventory/segments"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import { integer, plainArray, type Row, text, timestamp } from "../rows.ts"
import { type Chosen, chosenOf } from "./chosenStrategies.ts"
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

/** Units that are available, by key and segment. */
class Shelves {
  readonly #units = new Map<StockKey, Map<number, number>>()
  readonly #chosen: Chosen
  /** What the movements have changed, by row. */
  readonly changes = new Map<string, { readonly key: StockKey; segment: number; units: number }>()

  constructor(levels: ReadonlyArray<Row>, chosen: Chosen) {
    this.#chosen = chosen
    for (const row of levels) {
      const available = integer(row, "received") - integer(row, "reserved") - integer(row, "sold")
      this.#of(text(row, "sku") as StockKey).set(integer(row, "segment"), available)
    }
  }

  #of(key: StockKey): Map<number, number> {
    const known = this.#units.get(key)
    if (known !== undefined) return known
    const fresh = new Map<number, number>()
    this.#units.set(key, fresh)
    return fresh
  }

  available(key: StockKey): number {
    return [...this.#of(key).values()].reduce((sum, units) => sum + units, 0)
  }

  move(key: StockKey, quantity: number): void {
    const own = this.#of(key)
    const rows = Array.from(own, ([segment, units]) => ({ segment, units }))
    const count = rowsOf(key, this.#chosen.get(key) ?? defaultChoice)
    for (const { segment, units } of movementParts(rows, count, quantity)) {
      own.set(segment, (own.get(segment) ?? 0) + units)
      const row = `${key}\n${segment}`
      const before = this.changes.get(row)?.units ?? 0
      this.changes.set(row, { key, segment, units: before + units })
    }
  }
}

/** Judges the movements in their order, each on what the earlier ones have left. */
const judge = (batch: ReadonlyArray<Movement>, known: Map<string, Content>, shelves: Shelves) => {
  const accepted: Array<Movement> = []
  const outcomes = batch.map((movement): MovementOutcome => {
    const { key, movementId, quantity } = movement
    const before = known.get(movementId)
    if (before !== undefined) {
      return isSame(before, movement)
        ? { _tag: "Moved", replayed: true }
        : { _tag: "MovementReused" }
    }
    const available = shelves.available(key)
    if (available + quantity < 0) return { _tag: "OutOfStock", key, available }
    known.set(movementId, movement)
    shelves.move(key, quantity)
    accepted.push(movement)
    return { _tag: "Moved", replayed: false }
  })
  return { accepted, outcomes }
}

const columns = (accepted: ReadonlyArray<Movement>, shelves: Shelves): ReadonlyArray<unknown> => {
  const rows = [...shelves.changes.values()]
  return [
    plainArray(accepted.map(({ movementId }) => movementId)),
    accepted.map(({ key }) => key),
    plainArray(accepted.map(({ quantity }) => quantity)),
    accepted.map(({ kind }) => kind),
    accepted.map(({ reason }) => reason),
    accepted.map(({ occurredAt }) => timestamp(occurredAt)),
    rows.map(({ key }) => key),
    plainArray(rows.map(({ segment }) => segment)),
    plainArray(rows.map(({ units }) => units))
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
      const [, levels = [], chosen = [], before = []] = yield* transaction.flight([
        [statements.lock, [keys]],
        [statements.levels, [keys]],
        [statements.strategiesOf, [keys]],
        [statements.movements, [plainArray(batch.map(({ movementId }) => movementId))]]
      ])
      const shelves = new Shelves(levels, chosenOf(chosen))
      const { accepted, outcomes } = judge(batch, contentsOf(before), shelves)
      if (accepted.length > 0) {
        yield* transaction.finish(statements.move, columns(accepted, shelves))
      }
      return outcomes
    })
  )
})
