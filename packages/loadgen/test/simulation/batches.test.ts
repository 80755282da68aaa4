/**
 * Goal: nobody who hands something to a batcher waits for ever, however the fibers take turns.
 * Method: many schedules of one lone item at a time, in virtual time.
 */
import * as Batcher from "@doorbuster/core/batch/Batcher"
import { runVirtual } from "@doorbuster/loadgen/simulation/runVirtual"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"

/** A few at a time, of whom the last may come while the lane lies down to wait. */
const program = Effect.gen(function* () {
  const batcher = yield* Batcher.make({
    name: "numbers",
    limit: 8,
    flush: (items: ReadonlyArray<number>) => Effect.as(Effect.yieldNow, items)
  })
  for (let round = 0; round < 50; round++) {
    yield* Effect.forEach([1, 2, 3], batcher.submit, { concurrency: "unbounded" })
  }
}).pipe(Effect.scoped)

test("in no schedule is a lone item left lying", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const outcome = runVirtual(() => program, { seed })
    expect([seed, outcome._tag]).toEqual([seed, "Finished"])
  }
})
