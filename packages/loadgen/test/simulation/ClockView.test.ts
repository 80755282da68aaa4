import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import type { ClockView } from "../../src/simulation/ClockView.ts"
import { runVirtual } from "../../src/simulation/runVirtual.ts"

/** Readings of a tampered clock, in milliseconds from the start of the run. */
const readings = (
  tamper: (
    view: ClockView,
    read: Effect.Effect<void>,
    sleep: (ms: number) => Effect.Effect<void>
  ) => Effect.Effect<void>,
  options?: { readonly aheadMs?: number; readonly rate?: number }
): ReadonlyArray<number> => {
  const seen: Array<number> = []
  const outcome = runVirtual(
    ({ clock }) => {
      const view = clock.view(options)
      const start = clock.nowMs
      const read = Effect.provideService(
        Effect.map(Clock.currentTimeMillis, (at) => void seen.push(at - start)),
        Clock.Clock,
        view
      )
      return tamper(view, read, Effect.sleep)
    },
    { seed: 1 }
  )
  expect(outcome._tag).toBe("Finished")
  return seen
}

test("a clock may be ahead, and jump back", () => {
  const seen = readings(
    (view, read, sleep) =>
      Effect.gen(function* () {
        yield* read
        yield* sleep(100)
        view.jump(-5000)
        yield* read
        yield* sleep(100)
        view.correct()
        yield* read
      }),
    { aheadMs: 1000 }
  )
  expect(seen).toEqual([1000, -3900, 200])
})

test("a frozen clock reads the same until it is thawed, and then lags", () => {
  const seen = readings((view, read, sleep) =>
    Effect.gen(function* () {
      yield* sleep(10)
      view.freeze()
      yield* read
      yield* sleep(100)
      yield* read
      view.thaw()
      yield* sleep(5)
      yield* read
    })
  )
  expect(seen).toEqual([10, 10, 15])
})

test("a drifting clock gains on the truth, in its readings and in its timers", () => {
  const seen = readings((view, read, sleep) =>
    Effect.gen(function* () {
      view.drift(2)
      yield* sleep(100)
      yield* read
      yield* Effect.provideService(Effect.sleep(100), Clock.Clock, view)
      yield* read
      view.drift(0.5)
      yield* sleep(100)
      yield* read
    })
  )
  expect(seen).toEqual([200, 300, 350])
})

test("neither a jump nor a freeze touches timers and the monotonic clock", () => {
  const outcome = runVirtual(
    ({ clock }) =>
      Effect.gen(function* () {
        const view = clock.view()
        const start = clock.nowMs
        view.jump(3_600_000)
        view.freeze()
        yield* Effect.provideService(Effect.sleep(20), Clock.Clock, view)
        return [clock.nowMs - start, Number(yield* view.monotonicTimeNanos)]
      }),
    { seed: 1 }
  )
  expect(outcome).toMatchObject({ exit: { value: [20, 20_000_000] } })
})
