import { layer } from "@effect/vitest"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"

/**
 * Promises of a port, each a test under its own name. They run one after the other on one store,
 * which need not be empty and keeps what they wrote, so each of them makes its own fresh names.
 */
export type Promises<R> = Readonly<Record<string, Effect.Effect<void, unknown, R>>>

/** Holds an adapter to promises, in real time: an adapter's clock may be a database's. */
export const suite = <R, E>(
  name: string,
  adapter: Layer.Layer<R, E>,
  promises: ReadonlyArray<Promises<R>>
): void =>
  layer(adapter, { excludeTestServices: true, timeout: "60 seconds" })(name, (it) => {
    for (const group of promises) {
      for (const [promise, kept] of Object.entries(group)) it.effect(promise, () => kept)
    }
  })
