import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import { describe, expect, test } from "vitest"
import type { VirtualWorld } from "../../src/simulation/runVirtual.ts"
import { seeds, valueOf } from "./valueOf.ts"

/** The promises below hold for every seed. */
const forEachSeed = <A>(
  program: (world: VirtualWorld) => Effect.Effect<A, unknown>,
  verify: (value: A) => void
): void => {
  for (const seed of seeds) verify(valueOf(program, { seed }))
}

/** A process that ticks each millisecond, and how often it did. */
const ticking = (world: VirtualWorld) => {
  const ticks = { count: 0, finalized: false }
  const group = world.scheduler.group("ticking")
  const tick = Effect.sync(() => ticks.count++)
  const effect = Effect.forever(Effect.andThen(tick, Effect.sleep(1))).pipe(
    Effect.ensuring(Effect.sync(() => (ticks.finalized = true)))
  )
  return { ticks, group, effect }
}

describe("a paused process", () => {
  test("does nothing until it is resumed, and then goes on where it stood", () => {
    forEachSeed(
      (world) =>
        Effect.gen(function* () {
          const { effect, group, ticks } = ticking(world)
          yield* group.fork(effect)
          yield* Effect.sleep(10.5)
          const counts = [ticks.count]
          group.pause()
          yield* Effect.sleep(100)
          counts.push(ticks.count)
          group.resume()
          yield* Effect.sleep(10)
          counts.push(ticks.count)
          return counts
        }),
      ([before = 0, paused, after = 0]) => {
        expect(before).toBeGreaterThan(9)
        expect(paused).toBe(before)
        expect(after - before).toBeGreaterThanOrEqual(10)
        expect(after - before).toBeLessThanOrEqual(11)
      }
    )
  })

  test("is not woken by others who complete what it waits for", () => {
    forEachSeed(
      ({ scheduler }) =>
        Effect.gen(function* () {
          const log: Array<string> = []
          const group = scheduler.group("waiting")
          const deferred = yield* Deferred.make<string>()
          const queue = yield* Queue.unbounded<string>()
          const permits = yield* Semaphore.make(0)
          const note = (line: string) => Effect.sync(() => log.push(line))
          yield* group.fork(Effect.andThen(Deferred.await(deferred), note("deferred")))
          yield* group.fork(Effect.andThen(Queue.take(queue), note("queue")))
          yield* group.fork(Effect.andThen(permits.take(1), note("permit")))
          const peer = yield* Effect.forkChild(Effect.sleep(5))
          yield* group.fork(Effect.andThen(Fiber.join(peer), note("fiber")))
          yield* Effect.sleep(1)
          group.pause()
          yield* Deferred.succeed(deferred, "now")
          yield* Queue.offer(queue, "now")
          yield* permits.release(1)
          yield* Effect.sleep(10)
          const meanwhile = log.length
          group.resume()
          yield* Effect.sleep(1)
          return { meanwhile, log: log.toSorted() }
        }),
      (seen) =>
        expect(seen).toEqual({ meanwhile: 0, log: ["deferred", "fiber", "permit", "queue"] })
    )
  })

  test("has its timers fall due, and finds out late what time it is", () => {
    forEachSeed(
      ({ scheduler }) =>
        Effect.gen(function* () {
          const group = scheduler.group("zombie")
          const start = yield* Clock.currentTimeMillis
          const woken = yield* group.fork(Effect.andThen(Effect.sleep(10), Clock.currentTimeMillis))
          yield* Effect.sleep(1)
          group.pause()
          yield* Effect.sleep(500)
          group.resume()
          return (yield* Fiber.join(woken)) - start
        }),
      (wokenAfterMs) => expect(wokenAfterMs).toBe(501)
    )
  })
})

describe("a killed process", () => {
  test("never runs again: no step, no finalizer, not even when it is resumed", () => {
    forEachSeed(
      (world) =>
        Effect.gen(function* () {
          const { effect, group, ticks } = ticking(world)
          yield* group.fork(effect)
          yield* Effect.sleep(10)
          const before = ticks.count
          group.kill()
          group.resume()
          yield* group.fork(effect)
          yield* Effect.sleep(100)
          return { later: ticks.count - before, finalized: ticks.finalized }
        }),
      (seen) => expect(seen).toEqual({ later: 0, finalized: false })
    )
  })

  test("stops at the operation in which it kills itself", () => {
    forEachSeed(
      ({ scheduler }) =>
        Effect.gen(function* () {
          const log: Array<string> = []
          const group = scheduler.group("suicidal")
          const note = (line: string) => Effect.sync(() => void log.push(line))
          yield* group.fork(
            Effect.gen(function* () {
              yield* note("before")
              yield* Effect.sync(() => group.kill())
              yield* note("after")
            })
          )
          yield* Effect.sleep(10)
          return log
        }),
      (log) => expect(log).toEqual(["before"])
    )
  })

  test("leaves behind what the world does for it: a statement ends without its client", () => {
    forEachSeed(
      ({ scheduler }) =>
        Effect.gen(function* () {
          const log: Array<string> = []
          const group = scheduler.group("client")
          const note = (line: string) => Effect.sync(() => void log.push(line))
          const statement = scheduler.world.run(Effect.andThen(Effect.sleep(10), note("committed")))
          yield* group.fork(Effect.andThen(statement, note("answer read")))
          yield* Effect.sleep(5)
          group.kill()
          yield* Effect.sleep(10)
          return log
        }),
      (log) => expect(log).toEqual(["committed"])
    )
  })

  test("takes nothing of another one with it", () => {
    forEachSeed(
      ({ scheduler }) =>
        Effect.gen(function* () {
          const [doomed, safe] = [scheduler.group("doomed"), scheduler.group("safe")]
          let ended = 0
          const work = Effect.repeat(Effect.yieldNow, { times: 20 }).pipe(
            Effect.andThen(Effect.sync(() => ended++))
          )
          for (let id = 0; id < 30; id++) {
            yield* doomed.fork(Effect.forever(Effect.yieldNow))
            yield* safe.fork(work)
          }
          for (let turn = 0; turn < 10; turn++) yield* Effect.yieldNow
          doomed.kill()
          yield* Effect.sleep(1)
          return ended
        }),
      (ended) => expect(ended).toBe(30)
    )
  })

  test("leaves no sleeper and holds up no time", () => {
    forEachSeed(
      ({ clock, scheduler }) =>
        Effect.gen(function* () {
          const group = scheduler.group("sleepy")
          for (let id = 0; id < 1000; id++) yield* group.fork(Effect.sleep("1 day"))
          yield* Effect.sleep(1)
          const before = clock.sleepers
          group.kill()
          return { before, after: clock.sleepers, dueMs: clock.nextDueMs() }
        }),
      (seen) => expect(seen).toEqual({ before: 1000, after: 0, dueMs: undefined })
    )
  })
})
