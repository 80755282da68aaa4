import * as Effect from "effect/Effect"

const pollMs = 20
/** Nothing moves any more: whoever looks at the books will see what is left. */
const stillMsMax = 30_000

/** Asks again and again until nothing is left, or until the count has not changed for a while. */
export const untilNone = <E, R>(left: Effect.Effect<number, E, R>) =>
  Effect.gen(function* () {
    let [last, since] = [Number.NaN, performance.now()]
    for (;;) {
      const count = yield* left
      if (count === 0) return
      if (count !== last) [last, since] = [count, performance.now()]
      if (performance.now() - since > stillMsMax) return
      yield* Effect.sleep(pollMs)
    }
  })
