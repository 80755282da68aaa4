import { admit } from "@doorbuster/core/inventory/admission"
import type {
  CommitOutcome,
  Movement,
  MovementOutcome,
  ReleaseOutcome,
  ReleaseRequest,
  Reservation,
  ReservationRef,
  ReserveOutcome,
  ReserveRequest,
  ReturnOutcome,
  ReturnRequest
} from "@doorbuster/core/inventory/Inventory"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { nextUuid, type Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Attempt, type InventoryTables, MemoryStore, type StockRow } from "./MemoryStore.ts"
import { book, change, layOut, levels, pick, setStrategy, sumOf } from "./stockRows.ts"

const superseded = { _tag: "Superseded" } as const
const none: StockRow = { received: 0, reserved: 0, sold: 0 }
const availableOf = (row: StockRow): number => row.received - row.reserved - row.sold

/** `received` once the line's allowance is in force; undefined where nothing is known. */
const receivedFor = (
  row: StockRow | undefined,
  allowance: number | undefined
): number | undefined => {
  if (allowance === undefined) return row?.received
  return Math.max(allowance, (row ?? none).reserved + (row ?? none).sold)
}

/** Drawn before the turn begins, because drawing during it could yield to another fiber. */
interface Drawn {
  readonly ids: Iterator<Uuid>
  readonly at: number
}

/** Brings the allowances of an admitted request into force, each as a movement that explains it. */
const allow = (tables: InventoryTables, request: ReserveRequest, drawn: Drawn): void => {
  for (const { allowance, key } of request.lines) {
    if (allowance === undefined) continue
    const row = sumOf(tables, key)
    const quantity = (receivedFor(row, allowance) ?? 0) - (row?.received ?? 0)
    const movementId: Uuid | undefined = drawn.ids.next().value
    if (quantity === 0 || movementId === undefined) continue
    const reason = "allowance"
    book(tables, { movementId, key, quantity, kind: "adjustment", reason, occurredAt: drawn.at })
  }
}

const reserve = (
  tables: InventoryTables,
  request: ReserveRequest,
  drawn: Drawn
): ReserveOutcome => {
  const { epoch, expiresAt, orderId } = request
  const found = tables.attempts.get(orderId)
  if (found !== undefined) {
    if (epoch < found.epoch) return superseded
    if (found.state === "closed") return { _tag: "ReservationClosed" }
    if (found.state !== "fenced") {
      tables.attempts.set(orderId, { ...found, epoch })
      return { _tag: "Held" }
    }
  }
  const available = new Map<StockKey, number>()
  for (const { allowance, key } of request.lines) {
    const row = sumOf(tables, key)
    const received = receivedFor(row, allowance)
    if (received !== undefined) available.set(key, availableOf({ ...(row ?? none), received }))
  }
  const [outcome] = admit([request], available).outcomes
  if (outcome?._tag !== "Held") return outcome ?? { _tag: "Held" }
  allow(tables, request, drawn)
  const lines = request.lines.flatMap(({ key, quantity }) =>
    pick(tables, orderId, key, quantity).map(({ segment, units }): Reservation => {
      change(tables, key, segment, { reserved: units })
      const place = { orderId, key, segment, quantity: units }
      return { ...place, returned: 0, state: "held", expiresAt }
    })
  )
  tables.attempts.set(orderId, { epoch, state: "held", lines })
  return outcome
}

const commit = (tables: InventoryTables, { epoch, orderId }: ReservationRef): CommitOutcome => {
  const found = tables.attempts.get(orderId)
  if (found === undefined) return { _tag: "NotHeld" }
  if (epoch < found.epoch) return superseded
  if (found.state === "closed" || found.state === "fenced") return { _tag: "NotHeld" }
  if (found.state === "held") {
    for (const { key, quantity, segment } of found.lines) {
      change(tables, key, segment, { reserved: -quantity, sold: quantity })
    }
  }
  const lines = found.lines.map((line) => ({ ...line, state: "committed" as const }))
  tables.attempts.set(orderId, { epoch, state: "committed", lines })
  return { _tag: "Committed" }
}

const release = (tables: InventoryTables, request: ReleaseRequest): ReleaseOutcome => {
  const { epoch, orderId } = request
  const found: Attempt = tables.attempts.get(orderId) ?? { epoch, state: "fenced", lines: [] }
  if (epoch < found.epoch) return superseded
  if (found.state === "committed") return { _tag: "AlreadyCommitted" }
  if (found.state === "held") {
    for (const { key, quantity, segment } of found.lines) {
      change(tables, key, segment, { reserved: -quantity })
    }
  }
  const lines = found.lines.map((line) =>
    line.state === "held" ? { ...line, state: request.as } : line
  )
  tables.attempts.set(orderId, { epoch, state: "closed", lines })
  return { _tag: "Released" }
}

const giveBack = (tables: InventoryTables, request: ReturnRequest): ReturnOutcome => {
  if (tables.returns.has(request.returnId)) return { _tag: "Returned" }
  const found = tables.attempts.get(request.orderId)
  const committed = found?.state === "committed" ? found.lines : []
  const left = new Map(request.lines.map(({ key, quantity }) => [key, quantity]))
  for (const [key, quantity] of left) {
    const sold = committed.filter((line) => line.key === key)
    const units = sold.reduce((sum, line) => sum + line.quantity - line.returned, 0)
    if (units < quantity) return { _tag: "ExceedsSold", key }
  }
  const lines = committed.map((line) => {
    const missing = left.get(line.key) ?? 0
    const quantity = Math.min(missing, line.quantity - line.returned)
    left.set(line.key, missing - quantity)
    return { line, quantity }
  })
  const brought = lines.filter(({ quantity }) => quantity > 0)
  for (const { line, quantity } of brought) {
    change(tables, line.key, line.segment, { sold: -quantity })
  }
  tables.returns.set(request.returnId, {
    lines: brought.map(({ line, quantity }) => ({
      key: line.key,
      segment: line.segment,
      quantity
    }))
  })
  if (found !== undefined && committed.length > 0) {
    const returned = lines.map(({ line, quantity }) => ({
      ...line,
      returned: line.returned + quantity
    }))
    tables.attempts.set(request.orderId, { ...found, lines: returned })
  }
  return { _tag: "Returned" }
}

const move = (tables: InventoryTables, movement: Movement): MovementOutcome => {
  const { key, kind, movementId, quantity } = movement
  const before = tables.movements.get(movementId)
  if (before !== undefined) {
    const same = before.key === key && before.quantity === quantity && before.kind === kind
    return same ? { _tag: "Moved", replayed: true } : { _tag: "MovementReused" }
  }
  const available = availableOf(sumOf(tables, key) ?? none)
  if (available + quantity < 0) return { _tag: "OutOfStock", key, available }
  book(tables, movement)
  return { _tag: "Moved", replayed: false }
}

const fence = (
  tables: InventoryTables,
  { epoch, orderId }: { readonly orderId: OrderId; readonly epoch: number }
): void => {
  const found: Attempt = tables.attempts.get(orderId) ?? { epoch, state: "fenced", lines: [] }
  tables.attempts.set(orderId, { ...found, epoch: Math.max(found.epoch, epoch) })
}

/** Movement ids for the allowances of a batch, drawn before its one synchronous turn begins. */
const draw = Effect.fnUntraced(function* (batch: ReadonlyArray<ReserveRequest>) {
  const ids: Array<Uuid> = []
  for (const { lines } of batch) {
    for (const { allowance } of lines) if (allowance !== undefined) ids.push(yield* nextUuid)
  }
  return { ids: ids.values(), at: yield* Clock.currentTimeMillis }
})

/**
 * Stock in memory: each write is one synchronous turn of the event loop, so it is atomic by
 * construction, and strategies differ only in how the units are laid out.
 */
export const layer: Layer.Layer<Inventory, never, MemoryStore> = Layer.effect(
  Inventory,
  Effect.gen(function* () {
    const { inventory: tables } = yield* MemoryStore
    return Inventory.of({
      reserve: (batch) =>
        Effect.map(draw(batch), (drawn) => batch.map((item) => reserve(tables, item, drawn))),
      commit: (batch) => Effect.sync(() => batch.map((item) => commit(tables, item))),
      release: (batch) => Effect.sync(() => batch.map((item) => release(tables, item))),
      giveBack: (batch) => Effect.sync(() => batch.map((item) => giveBack(tables, item))),
      move: (batch) => Effect.sync(() => batch.map((item) => move(tables, item))),
      fence: (orders) =>
        Effect.sync(() => {
          for (const item of orders) fence(tables, item)
        }),
      levels: (keys) => Effect.sync(() => levels(tables, keys)),
      reservations: (orderId, keys) =>
        Effect.sync(() =>
          (tables.attempts.get(orderId)?.lines ?? []).filter(({ key }) => keys.includes(key))
        ),
      setStrategy: (key, choice) => Effect.sync(() => setStrategy(tables, key, choice)),
      strategies: (keys) =>
        Effect.sync(() =>
          keys.flatMap((key) => {
            const choice = tables.strategies.get(key)
            return choice === undefined ? [] : [{ key, ...choice }]
          })
        ),
      rebalance: (key) =>
        Effect.sync(() => {
          layOut(tables, key)
          return levels(tables, [key])
        })
    })
  })
)
