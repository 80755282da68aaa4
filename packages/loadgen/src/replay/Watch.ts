/** Watches whether a store still does anything, whichever of its operations one looks at. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The store has done nothing for longer than is waited for it. */
export class StoreSilent extends Schema.TaggedError<StoreSilent>()("StoreSilent", {
  waitedMs: Schema.Int,
  detail: Schema.String
}) {
  override get message() {
    const seconds = Math.round(this.waitedMs / 1000)
    return (
      `the store has not answered for ${seconds} s (${this.detail}): see that it runs and has ` +
      "room on its disk, then replay again; it goes on where it was"
    )
  }
}

export interface WatchOptions {
  /** So long without a success, while operations fail or nothing is heard, and it is given up. */
  readonly patienceMs?: number
  /** Told once per outage, before it is given up. */
  readonly onSilence?: (message: string) => Effect.Effect<void>
}

export interface Watch {
  /** Something was done. */
  readonly succeeded: Effect.Effect<void>
  /** The store answered, but the time for it has not come. */
  readonly heard: Effect.Effect<void>
  readonly failed: (error: { readonly message: string }) => Effect.Effect<void>
  /** The same effect, given up when the store stays silent. */
  readonly guard: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreSilent, R>
  /** Repeats what is safe to repeat until it succeeds; to be guarded. */
  readonly persist: <A, E extends { readonly message: string }, R>(
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, never, R>
}

const patienceMsDefault = 30_000
const lookEveryMs = 200
/** Silence that is worth a word; shorter ones are what a restart looks like. */
const noticeAfterMs = 2_000
const againAfterMs = 500
/** A failure that is older has been overcome, or nobody asks any more. */
const recentMs = 10_000

const nothingHeard = "nothing comes back"

export const make = ({
  onSilence = () => Effect.void,
  patienceMs = patienceMsDefault
}: WatchOptions): Effect.Effect<Watch> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()
    let succeededAt = now()
    let heardAt = succeededAt
    let failure: { readonly at: number; readonly detail: string } | undefined
    let isNoticed = false

    /** How long the store has been away; 0 when it is there. */
    const silentMs = (at: number): number => {
      const isFailing = failure !== undefined && at - failure.at < recentMs
      return Math.max(0, at - (isFailing ? succeededAt : Math.max(heardAt, succeededAt)))
    }

    const look = Effect.gen(function* () {
      const detail = failure?.detail ?? nothingHeard
      const waitedMs = silentMs(now())
      if (waitedMs >= patienceMs) return yield* new StoreSilent({ waitedMs, detail })
      if (isNoticed || waitedMs < Math.min(noticeAfterMs, patienceMs / 2)) return
      isNoticed = true
      const seconds = Math.round(patienceMs / 1000)
      yield* onSilence(`the store does not answer (${detail}); waiting up to ${seconds} s`)
    })

    const succeeded = Effect.sync(() => {
      succeededAt = now()
      failure = undefined
      isNoticed = false
    })
    const heard = Effect.sync(() => {
      heardAt = now()
    })
    const failed: Watch["failed"] = ({ message }) =>
      Effect.sync(() => {
        failure = { at: now(), detail: message }
      })
    const watching = Effect.forever(Effect.andThen(Effect.sleep(lookEveryMs), look))

    return {
      succeeded,
      heard,
      failed,
      guard: (effect) => Effect.andThen(succeeded, Effect.raceFirst(effect, watching)),
      persist: Effect.fnUntraced(function* (effect) {
        for (;;) {
          const result = yield* Effect.result(effect)
          if (result._tag === "Success") {
            yield* succeeded
            return result.success
          }
          yield* failed(result.failure)
          yield* Effect.sleep(againAfterMs)
        }
      })
    }
  })
