import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import type { ThreadDied } from "../threads/WorkerThread.ts"
import { type Lane, memory } from "./Ground.ts"
import { brokenOff, type Faulted, type Played, play } from "./play.ts"
import type { Scenario } from "./Scenario.ts"
import { inVirtualTime } from "./VirtualTime.ts"

/** Plays one case on fresh ground; one at a time. */
export type Player = (scenario: Scenario, faulted: Faulted) => Effect.Effect<Played, ThreadDied>

/** Time is real, or a way to have it pass. A database that is down says nothing of the store. */
export const playerOn =
  (lane: Lane, inTime = <A>(playing: Effect.Effect<A>) => playing): Player =>
  (scenario, faulted) =>
    Effect.flatMap(lane, (ground) => play(scenario, faulted, ground)).pipe(
      Effect.scoped,
      inTime,
      Effect.catchDefect((defect) =>
        defect instanceof StorageError
          ? Effect.die(defect)
          : Effect.succeed(brokenOff(String(defect)))
      )
    )

/** Over memory stores, on this thread. */
export const inMemory: Player = playerOn(memory, inVirtualTime)
