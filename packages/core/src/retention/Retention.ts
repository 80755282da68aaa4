import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StorageError } from "../StorageError.ts"

export interface Retirement {
  /** Epoch milliseconds; what was opened then or later is young, and kept. */
  readonly openedBefore: number
  /** Sagas looked at in one go. */
  readonly limit: number
}

export interface Retired {
  /** Idempotency keys that are free again. */
  readonly keys: number
  /** Sagas that failed, and whose request is forgotten now. */
  readonly payloads: number
  /** Whether there may be more to retire at once. */
  readonly more: boolean
}

/**
 * What only the past needs: idempotency keys with their answers, and the requests of sagas that
 * failed. Only sagas that have ended are touched; an open one keeps its key and its request
 * however old it is. A key whose saga has retired is free, and a request that comes with it is a
 * new one. Orders, their history and their references are never touched.
 *
 * A call retires each saga with its key, or not at all, whenever its process dies; it may be
 * called by many at once, and none of them retires anything twice.
 */
export class Retention extends Context.Service<
  Retention,
  {
    readonly retire: (retirement: Retirement) => Effect.Effect<Retired, StorageError>
  }
>()("@doorbuster/core/retention/Retention") {}
