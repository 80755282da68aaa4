import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { AccountId } from "../order/OrderId.ts"
import type { Short } from "./demand.ts"
import type { GateLine } from "./Gate.ts"

/** Who wants what. */
export interface Entry {
  readonly account: AccountId
  readonly key: string
  readonly lines: ReadonlyArray<GateLine>
}

/** How work behind the gate speaks of it. */
export interface Work<A, E, E2> {
  readonly refusal: (short: Short) => E2
  /** Whether the work took the units that it was let in for; null when nobody knows. */
  readonly took: (exit: Exit.Exit<A, E>) => boolean | null
}

/**
 * Keeps the gate, and asks it. A key is guarded from the moment that the stock has refused it, and
 * its counter is set from the record of the stock every period and whenever units come back
 * through this process. So a counter is wrong for a period at most, whatever became of the gate
 * meanwhile; one that could not be set for longer refuses nobody. Nor is anybody refused while the
 * record, as it was last heard, has the units: who went in before may come to nothing.
 *
 * What the gate refuses may have been taken before under the same idempotency key: whoever refuses
 * by it has to look for a claim first.
 */
export interface GateKeeper {
  /** Runs the work if the gate lets it through, and gives the units back if it took none. */
  readonly pass: <A, E, E2>(
    entry: Entry,
    work: Effect.Effect<A, E>,
    by: Work<A, E, E2>
  ) => Effect.Effect<A, E | E2>
  /** Whether any key is guarded, as far as this process knows. */
  readonly guards: () => boolean
  /** What `pass` would most probably refuse these lines for; asks nobody and takes no units. */
  readonly shortOf: (lines: ReadonlyArray<GateLine>) => Short | undefined
  /** A request of this account and key is behind the gate in this process right now. */
  readonly isInside: (account: AccountId, key: string) => boolean
}

/** Where no gate was built, everybody passes. */
const openGate: GateKeeper = {
  pass: (_, work) => work,
  guards: () => false,
  shortOf: () => undefined,
  isInside: () => false
}

export const GateKeeper = Context.Reference<GateKeeper>("@doorbuster/core/edge/GateKeeper", {
  defaultValue: () => openGate
})
