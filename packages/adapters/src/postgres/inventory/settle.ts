import type {
  CommitOutcome,
  ReleaseOutcome,
  ReleaseRequest,
  ReservationRef
} from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import { integerArray, textArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { inRuns } from "./runs.ts"
import * as statements from "./statements.ts"

/** How `inventory.settle` found an order. */
type FoundAs = "none" | "open" | "held" | "committed" | "released" | "superseded"

interface Settlement extends ReservationRef {
  readonly verb: "committed" | "released" | "expired"
}

const settle = (
  database: Database,
  operation: string,
  batch: ReadonlyArray<Settlement>
): Effect.Effect<ReadonlyArray<FoundAs>, StorageError> => {
  const positions: Array<number> = []
  const lineKeys: Array<StockKey> = []
  for (const [i, { keys }] of batch.entries()) {
    for (const key of keys) {
      positions.push(i + 1)
      lineKeys.push(key)
    }
  }
  const parameters = [
    textArray(batch.map(({ verb }) => verb)),
    uuidArray(batch.map(({ orderId }) => orderId)),
    integerArray(batch.map(({ epoch }) => epoch)),
    textArray([...new Set(lineKeys)].sort()),
    integerArray(positions),
    textArray(lineKeys)
  ]
  return database
    .query(operation, statements.settle, parameters)
    .pipe(Effect.map(([row]) => row?.["found_as"] as ReadonlyArray<FoundAs>))
}

const superseded = { _tag: "Superseded" } as const

const committed: Readonly<Record<FoundAs, CommitOutcome>> = {
  none: { _tag: "NotHeld" },
  open: { _tag: "NotHeld" },
  held: { _tag: "Committed" },
  committed: { _tag: "Committed" },
  released: { _tag: "NotHeld" },
  superseded
}

const released: Readonly<Record<FoundAs, ReleaseOutcome>> = {
  none: { _tag: "Released" },
  open: { _tag: "Released" },
  held: { _tag: "Released" },
  committed: { _tag: "AlreadyCommitted" },
  released: { _tag: "Released" },
  superseded
}

export const commit = (database: Database, batch: ReadonlyArray<ReservationRef>) =>
  inRuns(batch, (run) =>
    settle(
      database,
      "inventory.commit",
      run.map((ref) => ({ ...ref, verb: "committed" }))
    ).pipe(Effect.map((found) => found.map((state) => committed[state])))
  )

export const release = (database: Database, batch: ReadonlyArray<ReleaseRequest>) =>
  inRuns(batch, (run) =>
    settle(
      database,
      "inventory.release",
      run.map((request) => ({ ...request, verb: request.as }))
    ).pipe(Effect.map((found) => found.map((state) => released[state])))
  )

/** Raises the epochs of these orders where they are lower. */
export const fence = (
  database: Database,
  orders: ReadonlyArray<{ readonly orderId: OrderId; readonly epoch: number }>
): Effect.Effect<void, StorageError> => {
  if (orders.length === 0) return Effect.void
  const epochs = new Map<OrderId, number>()
  for (const { epoch, orderId } of orders) {
    epochs.set(orderId, Math.max(epoch, epochs.get(orderId) ?? epoch))
  }
  return Effect.asVoid(
    database.query("inventory.fence", statements.fence, [
      uuidArray([...epochs.keys()]),
      integerArray([...epochs.values()])
    ])
  )
}
