import * as Effect from "effect/Effect"

/** Told from time to time how far the work is. */
export type OnProgress = (done: number, total: number) => Effect.Effect<void>

export const silent: OnProgress = () => Effect.void
