import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import { afterEach, describe, expect, test, vi } from "vitest"
import { runVirtual } from "../../src/simulation/runVirtual.ts"
import { seeds, valueOf } from "./valueOf.ts"

/** 200 fibers that sleep, draw, hand over, wait for each other and share two permits. */
const bustle = (): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const log: Array<string> = []
    const note = (line: string) =>
      Effect.map(Clock.currentTimeMillis, (at) => void log.push(`${at} ${line}`))
    const queue = yield* Queue.bounded<number>(8)
    const permits = yield* Semaphore.make(2)
    const halfway = yield* Deferred.make<void>()
    const map = yield* FiberMap.make<number, void, never>()
    const work = (id: number) =>
      Effect.gen(function* () {
        yield* Effect.sleep(yield* Random.nextIntBetween(1, 20))
        yield* permits.withPermits(1)(Effect.andThen(note(`${id} holds`), Effect.sleep(1)))
        if (id === 100) yield* Deferred.succeed(halfway, undefined)
        if (id > 100) yield* Deferred.await(halfway)
        yield* Queue.offer(queue, id)
        yield* note(`${id} done`)
      })
    for (let id = 0; id < 200; id++) yield* FiberMap.run(map, id, work(id))
    for (let taken = 0; taken < 200; ) {
      const batch = yield* Queue.takeBetween(queue, 1, 5)
      taken += batch.length
      yield* note(`took ${batch}`)
    }
    yield* FiberMap.awaitEmpty(map)
    return log
  }).pipe(Effect.scoped)

describe("a run", () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test("is the same to the last step for the same seed", () => {
    const first = runVirtual(bustle, { seed: 7 })
    const again = runVirtual(bustle, { seed: 7 })
    expect(first._tag).toBe("Finished")
    expect(again).toEqual(first)
  })

  test("is another one for another seed", () => {
    const logs = seeds.map((seed) => valueOf(bustle, { seed }).join("\n"))
    expect(new Set(logs).size).toBe(seeds.length)
    const prints = seeds.map((seed) => runVirtual(bustle, { seed }).fingerprint)
    expect(new Set(prints).size).toBe(seeds.length)
  })

  test("asks the real world for neither time nor chance nor a turn", () => {
    const asked = [
      vi.spyOn(Date, "now"),
      vi.spyOn(Math, "random"),
      vi.spyOn(performance, "now"),
      vi.spyOn(process.hrtime, "bigint"),
      vi.spyOn(globalThis, "setTimeout"),
      vi.spyOn(globalThis, "setImmediate"),
      vi.spyOn(globalThis, "queueMicrotask"),
      vi.spyOn(crypto, "getRandomValues")
    ]
    valueOf(bustle)
    for (const spy of asked) expect(spy).not.toHaveBeenCalled()
  })

  test("begins in 2026, or when it is told to, and takes days in no time", () => {
    const times = valueOf(() =>
      Effect.gen(function* () {
        const before = yield* Clock.currentTimeMillis
        yield* Effect.sleep("3 days")
        return [before, yield* Clock.currentTimeMillis]
      })
    )
    expect(times.map((at) => new Date(at).toISOString())).toEqual([
      "2026-01-01T00:00:00.000Z",
      "2026-01-04T00:00:00.000Z"
    ])
    expect(valueOf(() => Clock.currentTimeMillis, { seed: 1, startMs: 5 })).toBe(5)
  })

  test("lets a read and the write after it be overtaken, for some seed in twenty", () => {
    const sumOf = (seed: number) =>
      valueOf(
        () =>
          Effect.gen(function* () {
            let shared = 0
            const add = Effect.gen(function* () {
              const read = shared
              yield* Effect.yieldNow
              shared = read + 1
            })
            const later = (ms: number) => Effect.delay(add, ms)
            yield* Effect.all([later(1), later(1), later(2)], { concurrency: "unbounded" })
            return shared
          }),
        { seed }
      )
    const sums = new Set(seeds.map(sumOf))
    expect(sums).toContain(2)
  })

  test("runs any of the ready fibers next, and wakes any of those who are due together", () => {
    const firstOf = (wait: Effect.Effect<void>) => (seed: number) =>
      valueOf(
        () =>
          Effect.gen(function* () {
            const order: Array<number> = []
            const fibers = Array.from({ length: 1000 }, (_, id) =>
              Effect.forkChild(
                Effect.andThen(
                  wait,
                  Effect.sync(() => order.push(id))
                )
              )
            )
            yield* Effect.andThen(Effect.all(fibers), Effect.sleep(5))
            return order[0] ?? -1
          }),
        { seed }
      )
    expect(new Set(seeds.map(firstOf(Effect.void))).size).toBeGreaterThan(5)
    expect(new Set(seeds.map(firstOf(Effect.sleep(5)))).size).toBeGreaterThan(15)
  })

  test("lets others go first between two operations, for some seed in twenty", () => {
    const seen = new Set<number>()
    for (const seed of seeds) {
      valueOf(
        () =>
          Effect.gen(function* () {
            let ticks = 0
            const tick = Effect.sync(() => ticks++)
            yield* Effect.forkChild(Effect.forever(Effect.andThen(tick, Effect.sleep(1))))
            yield* Effect.sleep(1)
            const before = ticks
            for (let op = 0; op < 200; op++) yield* Effect.sync(() => op)
            seen.add(ticks - before)
          }),
        { seed }
      )
    }
    expect(seen).toContain(0)
    expect(seen).toContain(1)
  })
})

describe("a run that does not finish", () => {
  test("is deadlocked when nothing is left that could go on", () => {
    expect(runVirtual(() => Effect.never, { seed: 1 })._tag).toBe("Deadlocked")
  })

  test("is deadlocked when it waits for promises, and never runs on", async () => {
    let wentOn = 0
    const program = Effect.promise(() => Promise.resolve()).pipe(
      Effect.andThen(Effect.sync(() => wentOn++))
    )
    for (const seed of seeds) {
      const both = Effect.all([program, program, program], { concurrency: "unbounded" })
      expect(runVirtual(() => both, { seed })._tag).toBe("Deadlocked")
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(wentOn).toBe(0)
  })

  test("is hung after so many steps, which a fiber that never waits makes too", () => {
    for (const seed of seeds) {
      const busy = Effect.gen(function* () {
        for (let op = 0; op < 100_000; op++) yield* Effect.sync(() => op)
      })
      const outcome = runVirtual(() => busy, { seed, maxSteps: 5 })
      expect(outcome).toMatchObject({ _tag: "Hung", limit: "steps", steps: 5 })
    }
  })

  test("is hung when it only waits on and on", () => {
    const patient = Effect.repeat(Effect.void, Schedule.spaced("1 minute"))
    const outcome = runVirtual(() => patient, { seed: 1, maxVirtualMs: 3_600_000 })
    expect(outcome).toMatchObject({ _tag: "Hung", limit: "virtual time", virtualMs: 3_600_000 })
  })
})
