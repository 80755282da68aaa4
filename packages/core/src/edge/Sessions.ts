import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StorageError } from "../StorageError.ts"

/**
 * Sessions that were ended before their time. A session itself is a signed token and is kept
 * nowhere, so only its early end has to be remembered, until it would have ended by itself.
 *
 * Best effort: a process hears of an end some milliseconds after it, and a store that loses this
 * has sessions that live to their own end.
 */
export class Sessions extends Context.Service<
  Sessions,
  {
    /**
     * Ends a session that would end by itself at `until` (epoch ms). It is ended in this process
     * even where the other ones cannot be told, which is the error.
     */
    readonly end: (session: string, until: number) => Effect.Effect<void, StorageError>
    /** As far as this process has heard; asks nobody. */
    readonly isEnded: (session: string) => boolean
  }
>()("@doorbuster/core/edge/Sessions") {}
