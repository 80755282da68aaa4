import * as Effect from "effect/Effect"
import { runVirtual } from "../simulation/runVirtual.ts"

/** 27 November 2026, 00:00 UTC: the day that all this is about. */
const startMs = Date.UTC(2026, 10, 27)
/** One order of things is enough here: the boundaries are what is varied. */
const seed = 1
/** Of a play; the longest ones take some ten thousand. */
const maxSteps = 2_000_000

/** Runs an effect to its end in virtual time; one that never ends is a defect. */
export const inVirtualTime = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const outcome = runVirtual(() => effect, { seed, startMs, maxSteps })
    return outcome._tag === "Finished"
      ? outcome.exit
      : Effect.die(new Error(`a run in virtual time did not end: ${outcome._tag}`))
  })
