import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Retention } from "./Retention.ts"
import { keepMsMin, RetentionSettings } from "./RetentionSettings.ts"
import { countRetired } from "./retentionMetrics.ts"

/**
 * Retires what only the past needs, a little at a time, so that what an order costs does not grow
 * with the number of orders before it. It may run in any number of processes: the port lets no two
 * of them retire the same. A store that is down is met again at the next beat.
 */
export const layer: Layer.Layer<never, never, Retention> = Layer.effectDiscard(
  Effect.gen(function* () {
    const retention = yield* Retention
    const { batchesPerRound, batchSize, beatMs, keepMs } = yield* RetentionSettings

    const batch = Effect.gen(function* () {
      const openedBefore = (yield* Clock.currentTimeMillis) - Math.max(keepMs, keepMsMin)
      const retired = yield* retention.retire({ openedBefore, limit: batchSize })
      yield* countRetired(retired)
      return retired.more
    })
    const round = Effect.repeat(batch, { while: (more) => more, times: batchesPerRound - 1 })

    /** A bug here must not end the beats, nor anything else. */
    const beat = Effect.catchCause(Effect.ignore(round), (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.logError("what is past could not be retired", cause)
    )
    yield* Effect.forkScoped(Effect.repeat(beat, Schedule.spaced(beatMs)))
  })
)
