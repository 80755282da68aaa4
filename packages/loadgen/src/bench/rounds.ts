/** Subject and reference take turns, so that what slows the machine down slows both. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { type Broken, FigureVoid } from "./errors.ts"

export interface Contender<A, E, R> {
  readonly name: string
  /** About how long one turn takes. */
  readonly seconds: number
  readonly run: Effect.Effect<A, E, R>
  /** What the turn has broken. */
  readonly broken?: (measured: A) => ReadonlyArray<Broken>
}

export type Turns<A> = ReadonlyMap<string, ReadonlyArray<A>>

/** Seconds that have passed, and seconds that it takes in all, about. */
export type OnTime = (passed: number, planned: number) => Effect.Effect<void>

const tickMs = 250

const ticking = (planned: number, onTime: OnTime) => {
  const begun = performance.now()
  const tick = Effect.suspend(() =>
    onTime(Math.min(planned, Math.round((performance.now() - begun) / 1000)), Math.round(planned))
  )
  return Effect.forkScoped(Effect.repeat(tick, Schedule.spaced(tickMs)))
}

/**
 * Every contender in each round; every other round runs backwards, so that none always follows the
 * same one. Ends at once with the first broken invariant.
 */
export const alternate = Effect.fnUntraced(function* <A, E, R>(
  contenders: ReadonlyArray<Contender<A, E, R>>,
  { onTime, rounds }: { readonly rounds: number; readonly onTime: OnTime }
) {
  const turns = new Map<string, Array<A>>(contenders.map(({ name }) => [name, []]))
  const planned = rounds * contenders.reduce((sum, { seconds }) => sum + seconds, 0)
  yield* ticking(planned, onTime)
  for (let round = 1; round <= rounds; round++) {
    for (const { broken, name, run } of round % 2 === 1 ? contenders : contenders.toReversed()) {
      const measured = yield* run
      const found = broken?.(measured) ?? []
      if (found.length > 0) return yield* new FigureVoid({ run: name, round, broken: found })
      turns.get(name)?.push(measured)
    }
  }
  return turns as Turns<A>
}, Effect.scoped)
