import type { Doing, Execution } from "../Execution.ts"
import { integers, texts, uuids } from "../parameters.ts"
import { invalidParameter } from "../SqlError.ts"
import type { FenceRow, InventoryTables, ReservationRow } from "./InventoryTables.ts"
import { lineKey, stockKey } from "./InventoryTables.ts"
import { always, bySegment, found, inOrder, lockInOrder, lockSegments, segmentsOf } from "./rows.ts"

/** Verbs, orders and epochs in parallel; the distinct keys; position (from 1) and key per line. */
export interface Settlement {
  readonly verbs: ReadonlyArray<string>
  readonly orders: ReadonlyArray<string>
  readonly epochs: ReadonlyArray<number>
  readonly keys: ReadonlyArray<string>
  readonly lineOrders: ReadonlyArray<number>
  readonly lineKeys: ReadonlyArray<string>
}

export const settlementOf = (parameters: ReadonlyArray<unknown>): Settlement => ({
  verbs: texts(parameters[0]),
  orders: uuids(parameters[1]),
  epochs: integers(parameters[2]),
  keys: texts(parameters[3]),
  lineOrders: integers(parameters[4]),
  lineKeys: texts(parameters[5])
})

/** `inventory.settle`: each part is one statement of the function, with a snapshot of its own. */
export function* settle(
  tables: InventoryTables,
  on: Execution,
  batch: Settlement
): Doing<ReadonlyArray<string>> {
  on.refresh()
  yield* lockStock(tables, on, batch)
  yield* leaveTombstones(tables, on, batch)
  on.refresh()
  yield* lockInOrder(on, tables.fences, batch.orders)
  const { expected, foundAs } = judge(tables, on, batch)
  if ((yield* moveUnits(tables, on, batch, foundAs)) !== expected) {
    throw invalidParameter("the keys given do not name the whole reservation of an order")
  }
  yield* closeFences(tables, on, batch, foundAs)
  return foundAs
}

/** The rows that the reservations lie on, or all of a key where one cannot be seen. */
function* lockStock({ reservations, stock }: InventoryTables, on: Execution, batch: Settlement) {
  const isSpread = batch.keys.some((sku) => on.read(stock, stockKey(sku, 1)) !== undefined)
  on.refresh()
  if (!isSpread) return yield* lockSegments(on, stock, batch.keys)
  const slots = batch.lineKeys.flatMap((sku, i) => {
    const orderId = batch.orders[(batch.lineOrders[i] as number) - 1] as string
    const own = on.find(reservations, "line", lineKey(sku, orderId))
    const rows = own.map(({ segment }) => stockKey(sku, segment))
    return rows.length === 0 ? segmentsOf(on, stock, sku) : found(on, stock, rows)
  })
  for (const slot of [...new Set(slots)].sort(bySegment(on))) yield* on.lock(slot)
  return slots.length
}

function* leaveTombstones(tables: InventoryTables, on: Execution, batch: Settlement): Doing<void> {
  for (const i of inOrder(batch.orders)) {
    if (batch.verbs[i] === "committed") continue
    yield* on.insertOr(tables.fences, {
      orderId: batch.orders[i] as string,
      sagaEpoch: batch.epochs[i] as number,
      state: "released",
      lines: 0,
      expiresAt: null
    })
  }
}

/** How each order is found, and how many lines those have that are held. */
const judge = ({ fences }: InventoryTables, on: Execution, { epochs, orders }: Settlement) => {
  on.refresh()
  let expected = 0
  const foundAs = orders.map((orderId, i) => {
    const fence = on.read(fences, orderId)
    if (fence === undefined) return "none"
    if (fence.sagaEpoch > (epochs[i] as number)) return "superseded"
    if (fence.state === "held") expected += fence.lines
    return fence.state
  })
  return { expected, foundAs }
}

const isHeld = ({ state }: ReservationRow): boolean => state === "held"

/** Reservations, then their stock rows in the order in which the reservations were met. */
function* moveUnits(
  tables: InventoryTables,
  on: Execution,
  { lineKeys, lineOrders, orders, verbs }: Settlement,
  foundAs: ReadonlyArray<string>
): Doing<number> {
  on.refresh()
  let touched = 0
  const changes = new Map<string, { units: number; sold: number }>()
  for (const [i, sku] of lineKeys.entries()) {
    const at = (lineOrders[i] as number) - 1
    if (foundAs[at] !== "held") continue
    const line = lineKey(sku, orders[at] as string)
    const state = verbs[at] as string
    for (const slot of on.slots(tables.reservations, "line", line, isHeld)) {
      const moved = yield* on.update(slot, isHeld, (row) => ({ ...row, state }))
      if (moved === undefined) continue
      touched++
      const key = stockKey(sku, moved.segment)
      const change = changes.get(key) ?? { units: 0, sold: 0 }
      change.units += moved.quantity
      if (state === "committed") change.sold += moved.quantity
      changes.set(key, change)
    }
  }
  for (const slot of found(on, tables.stock, [...changes.keys()])) {
    const { sold, units } = changes.get(slot.key) as { units: number; sold: number }
    yield* on.update(slot, always, (row) => ({
      ...row,
      reserved: row.reserved - units,
      sold: row.sold + sold,
      version: row.version + 1
    }))
  }
  return touched
}

const closedAs = (foundAs: string, verb: string, state: string): string => {
  if ((foundAs === "held" || foundAs === "open") && verb !== "committed") return "released"
  return foundAs === "held" ? "committed" : state
}

function* closeFences(
  tables: InventoryTables,
  on: Execution,
  { epochs, orders, verbs }: Settlement,
  foundAs: ReadonlyArray<string>
): Doing<void> {
  on.refresh()
  for (const [i, orderId] of orders.entries()) {
    const [as, verb, sagaEpoch] = [foundAs[i] as string, verbs[i] as string, epochs[i] as number]
    if (as === "none" || as === "superseded") continue
    const moves = as === "held" || (as === "open" && verb !== "committed")
    const isMeant = (fence: FenceRow) => moves || fence.sagaEpoch < sagaEpoch
    const slot = tables.fences.slot(orderId)
    const fence = on.seen(slot)
    if (slot === undefined || fence === undefined || !isMeant(fence)) continue
    yield* on.update(slot, isMeant, (row) => ({
      ...row,
      sagaEpoch,
      state: closedAs(as, verb, row.state)
    }))
  }
}
