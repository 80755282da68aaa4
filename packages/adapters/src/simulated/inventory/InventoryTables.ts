import { checkViolation, outOfRange, SqlError } from "../SqlError.ts"
import { Table } from "../Table.ts"

export interface StockRow {
  readonly sku: string
  readonly segment: number
  readonly received: number
  readonly reserved: number
  readonly sold: number
  readonly version: number
}

interface StrategyRow {
  readonly sku: string
  readonly strategy: string
  readonly segments: number
}

/** An advisory lock: the place at the head of the queue in front of a key. */
interface QueueRow {
  readonly sku: string
}

export interface MovementRow {
  readonly id: string
  readonly sku: string
  readonly segment: number
  readonly quantity: number
  readonly kind: string
  readonly reason: string
  /** Epoch milliseconds, like every time here. */
  readonly occurredAt: number
  readonly createdAt: number
}

export interface ReservationRow {
  readonly sku: string
  readonly segment: number
  readonly orderId: string
  readonly sagaEpoch: number
  readonly quantity: number
  readonly returned: number
  readonly state: string
  readonly expiresAt: number
}

export interface FenceRow {
  readonly orderId: string
  readonly sagaEpoch: number
  readonly state: string
  readonly lines: number
  readonly expiresAt: number | null
}

export interface ReturnRow {
  readonly returnId: string
  readonly sku: string
  readonly segment: number
  readonly orderId: string
  readonly quantity: number
  readonly createdAt: number
}

/** The constraints of a table, in the order of their names: Postgres names the first that fails. */
type Checks<R> = ReadonlyArray<readonly [constraint: string, holds: (row: R) => boolean]>

const checked =
  <R>(table: string, checks: Checks<R>) =>
  (row: R): void => {
    for (const [constraint, holds] of checks) {
      if (!holds(row)) throw checkViolation(table, constraint)
    }
  }

const appendOnly = (table: string, before: unknown): void => {
  if (before !== null) {
    throw new SqlError("P0001", `inventory.${table} is append-only: UPDATE refused`)
  }
}

const checkStock = checked<StockRow>("stock", [
  ["never_oversold", ({ received, reserved, sold }) => received - reserved - sold >= 0],
  ["received_is_not_negative", ({ received }) => received >= 0],
  ["reserved_is_not_negative", ({ reserved }) => reserved >= 0],
  ["sold_is_not_negative", ({ sold }) => sold >= 0]
])

const checkStrategy = checked<StrategyRow>("strategies", [
  [
    "segments_fit_strategy",
    ({ segments, strategy }) =>
      strategy === "segmented" ? 2 <= segments && segments <= 256 : segments === 1
  ]
])

const movementKinds = new Set(["receipt", "adjustment", "write_off"])
const checkMovement = checked<MovementRow>("movements", [
  ["kind_is_known", ({ kind }) => movementKinds.has(kind)]
])

const reservationStates = new Set(["held", "committed", "released", "expired"])
const checkReservation = checked<ReservationRow>("reservations", [
  ["only_sold_units_return", ({ returned, state }) => returned === 0 || state === "committed"],
  ["quantity_is_positive", ({ quantity }) => quantity > 0],
  [
    "returned_is_within_quantity",
    ({ quantity, returned }) => 0 <= returned && returned <= quantity
  ],
  ["state_is_known", ({ state }) => reservationStates.has(state)]
])

const fenceStates = new Set(["open", "held", "committed", "released"])
const checkFence = checked<FenceRow>("fences", [
  ["held_until_some_time", ({ expiresAt, state }) => state !== "held" || expiresAt !== null],
  ["state_is_known", ({ state }) => fenceStates.has(state)]
])

const checkReturn = checked<ReturnRow>("returns", [
  ["quantity_is_positive", ({ quantity }) => quantity > 0]
])

/** A line break is in no SKU; most rows are the first ones of their keys. */
const behind = (segment: number): string => (segment === 0 ? "" : `\n${segment}`)

export const stockKey = (sku: string, segment: number): string => `${sku}${behind(segment)}`

/** One line of an order. Order ids are of one length, so nothing stands between the parts. */
export const lineKey = (sku: string, orderId: string): string => `${orderId}${sku}`

export const reservationKey = (sku: string, orderId: string, segment: number): string =>
  `${lineKey(sku, orderId)}${behind(segment)}`

/** The tables of one simulated server. */
export const makeInventoryTables = () => {
  let dealt = 0
  return {
    /** By SKU and segment. */
    stock: new Table<StockRow>({
      name: "stock",
      key: ({ segment, sku }) => stockKey(sku, segment),
      indexes: [{ name: "sku", unique: false, of: ({ sku }) => sku }],
      check: (row) => {
        // Units are exact up to 2^53 here; the driver reads no higher ones from a server either.
        if (row.received > Number.MAX_SAFE_INTEGER) throw outOfRange("bigint")
        checkStock(row)
      }
    }),
    strategies: new Table<StrategyRow>({
      name: "strategies",
      key: ({ sku }) => sku,
      check: checkStrategy
    }),
    queues: new Table<QueueRow>({ name: "queues", key: ({ sku }) => sku }),
    movements: new Table<MovementRow>({
      name: "movements",
      key: ({ id }) => id,
      check: (row, before) => {
        appendOnly("movements", before)
        checkMovement(row)
      }
    }),
    /** By order, SKU and segment. */
    reservations: new Table<ReservationRow>({
      name: "reservations",
      key: ({ orderId, segment, sku }) => reservationKey(sku, orderId, segment),
      indexes: [{ name: "line", unique: false, of: ({ orderId, sku }) => lineKey(sku, orderId) }],
      check: checkReservation
    }),
    /** By order. */
    fences: new Table<FenceRow>({
      name: "fences",
      key: ({ orderId }) => orderId,
      check: checkFence
    }),
    returns: new Table<ReturnRow>({
      name: "returns",
      key: ({ returnId, segment, sku }) => `${returnId}${stockKey(sku, segment)}`,
      indexes: [{ name: "return", unique: false, of: ({ returnId }) => returnId }],
      check: (row, before) => {
        appendOnly("returns", before)
        checkReturn(row)
      }
    }),
    /** `gen_random_uuid()`, the same ones in every run, so that a run can be repeated. */
    dealUuid: () => `a110ca7e-0000-4000-8000-${(dealt++).toString(16).padStart(12, "0")}`
  }
}

export type InventoryTables = ReturnType<typeof makeInventoryTables>
