import * as Effect from "effect/Effect"

/** Permits to use a connection: whoever comes when all are in use waits in line. */
export class ConnectionPool {
  #free: number
  readonly #line: Array<() => void> = []

  constructor(size: number) {
    this.#free = size
  }

  /** Runs the effect with a connection of its own, and gives it back whatever happens. */
  using<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      if (this.#free > 0) {
        this.#free--
        return this.#givenBack(effect)
      }
      // As with a real pool, nobody who waits for a connection is interrupted.
      return Effect.uninterruptibleMask((restore) =>
        Effect.andThen(this.#turn, this.#givenBack(restore(effect)))
      )
    })
  }

  readonly #turn = Effect.callback<void>((resume) => {
    this.#line.push(() => resume(Effect.void))
  })

  #givenBack<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.onExitPrimitive(effect, () => {
      const next = this.#line.shift()
      if (next === undefined) this.#free++
      else next()
      return undefined
    })
  }
}
