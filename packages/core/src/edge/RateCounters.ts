import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** A bucket of `burst` tokens that fills at `perSecond`: both above zero. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export interface RateRequest {
  /** Whose bucket, such as `ip:192.0.2.1`; buckets of different rates need different keys. */
  readonly key: string
  /** Tokens; more than `burst` count as `burst`, or such a request could never pass. */
  readonly cost: number
}

export type RateAnswer =
  | { readonly _tag: "Allowed" }
  /** No token was taken. After so many whole seconds the same request would pass. */
  | { readonly _tag: "Limited"; readonly retryAfterSeconds: number }

/**
 * How much each one asks of the store, counted over all processes. Best effort: it never fails, and
 * counters that cannot be reached allow.
 */
export class RateCounters extends Context.Service<
  RateCounters,
  {
    /** Takes tokens, request by request in their order; one answer each. */
    readonly take: (
      rate: Rate,
      batch: ReadonlyArray<RateRequest>
    ) => Effect.Effect<ReadonlyArray<RateAnswer>>
  }
>()("@doorbuster/core/edge/RateCounters") {}
