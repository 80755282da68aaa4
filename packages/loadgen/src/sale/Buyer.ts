import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import { TargetUnreachable } from "../replay/Target.ts"

/** Somebody who wants one unit, with a session of their own. */
export interface Buyer {
  /** Idempotency key: asking again under it is asking for the same order. */
  readonly key: string
  readonly token: string
}

/** What a buyer was told in the end; undecided as long as no answer decides it. */
export type Answer =
  | { readonly _tag: "Won"; readonly orderId: OrderId; readonly total: bigint }
  | { readonly _tag: "SoldOut" }
  | { readonly _tag: "Refused"; readonly status: number; readonly code: string }

const openAtOnce = 64

const openSession = (url: string, index: number): Effect.Effect<Buyer, TargetUnreachable> =>
  Effect.tryPromise({
    try: async () => {
      const response = await fetch(new URL("/sessions", url), { method: "POST" })
      const { token } = (await response.json()) as { readonly token: string }
      return { key: `buyer-${index}`, token }
    },
    catch: (cause) => new TargetUnreachable({ target: url, detail: String(cause) })
  })

/** So many guests, each with a token that the store gave out. */
export const openSessions = (
  url: string,
  count: number
): Effect.Effect<ReadonlyArray<Buyer>, TargetUnreachable> =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    (index) => openSession(url, index),
    { concurrency: openAtOnce }
  )
