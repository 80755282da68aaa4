import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StorageError } from "@doorbuster/core/StorageError"
import type * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import type { Chosen } from "./chosenStrategies.ts"

export interface Taken {
  /** In the order of the requests. */
  readonly outcomes: ReadonlyArray<ReserveOutcome>
  /** Orders that were here before under an earlier owner. */
  readonly overtaken: ReadonlyArray<ReserveRequest>
}

/** Reserves for orders that are distinct and agree on allowances. */
export type Take = (
  database: Database,
  requests: ReadonlyArray<ReserveRequest>,
  chosen: Chosen
) => Effect.Effect<Taken, StorageError>
