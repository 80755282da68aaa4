import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { describe, expect, test } from "vitest"
import { valueOf } from "./valueOf.ts"

describe("what programs are made of works in virtual time", () => {
  test("a timeout interrupts what takes longer, and the sleep is forgotten", () => {
    const outcome = valueOf(({ clock }) =>
      Effect.gen(function* () {
        const result = yield* Effect.sleep("1 hour").pipe(Effect.timeout(50), Effect.result)
        return { tag: result._tag, dueMs: clock.nextDueMs() }
      })
    )
    expect(outcome).toEqual({ tag: "Failure", dueMs: undefined })
  })

  test("sleeps that are interrupted by the thousand do not pile up", () => {
    const most = valueOf(({ clock }) =>
      Effect.gen(function* () {
        let most = 0
        yield* Effect.forkChild(Effect.sleep("1 hour"))
        for (let round = 0; round < 1000; round++) {
          yield* Effect.timeout(Effect.sleep(1), "1 day")
          most = Math.max(most, clock.sleepers)
        }
        return most
      })
    )
    expect(most).toBeLessThan(200)
  })

  test("everybody wakes on time, however many are interrupted or killed before", () => {
    const seen = valueOf(({ clock, random, scheduler }) =>
      Effect.gen(function* () {
        const wrong: Array<string> = []
        let woken = 0
        let latestMs = clock.nowMs
        const lost = scheduler.group("lost")
        const sleeper = (ms: number) => {
          const dueMs = clock.nowMs + ms
          return Effect.map(Effect.sleep(ms), () => {
            woken++
            if (clock.nowMs !== dueMs) wrong.push(`${ms} ms took ${clock.nowMs - dueMs} more`)
            if (clock.nowMs < latestMs) wrong.push(`back by ${latestMs - clock.nowMs} ms`)
            latestMs = clock.nowMs
          })
        }
        for (let round = 0; round < 1000; round++) {
          const ms = random.between(20, 1000)
          yield* Effect.forkChild(Effect.suspend(() => sleeper(ms)))
          yield* lost.fork(Effect.sleep(ms + 10))
          yield* Effect.forkChild(Effect.timeout(Effect.sleep(ms), random.between(1, 19)))
        }
        yield* Effect.sleep(30)
        lost.kill()
        yield* Effect.sleep(1000)
        return { wrong, woken }
      })
    )
    expect(seen).toEqual({ wrong: [], woken: 1000 })
  })

  test("a sleep is never shorter than asked", () => {
    const sleptMs = valueOf(({ clock }) => {
      const start = clock.nowMs
      return Effect.map(Effect.sleep(10.2), () => clock.nowMs - start)
    })
    expect(sleptMs).toBe(11)
  })

  test("repeats and retries keep their intervals", () => {
    const times = valueOf(() =>
      Effect.gen(function* () {
        const start = yield* Clock.currentTimeMillis
        const times: Array<number> = []
        const note = Effect.map(Clock.currentTimeMillis, (at) => times.push(at - start))
        yield* Effect.repeat(note, { schedule: Schedule.spaced(10), times: 2 })
        yield* Effect.retry(Effect.andThen(note, Effect.fail("no")), {
          schedule: Schedule.exponential(100),
          times: 2
        }).pipe(Effect.ignore)
        return times
      })
    )
    expect(times).toEqual([0, 10, 20, 20, 120, 320])
  })

  test("layers and scoped fibers end with their scope, last in first out", () => {
    const log: Array<string> = []
    const opened = (name: string) =>
      Effect.acquireRelease(
        Effect.sync(() => void log.push(`open ${name}`)),
        () =>
          Effect.andThen(
            Effect.sleep(5),
            Effect.sync(() => void log.push(`close ${name}`))
          )
      )
    class Door extends Context.Service<Door, { readonly name: string }>()("test/Door") {}
    const door = Layer.effect(
      Door,
      Effect.gen(function* () {
        yield* opened("door")
        yield* Effect.forkScoped(
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => log.push("guard leaves")))
        )
        yield* opened("window")
        yield* Effect.sleep(1)
        return { name: "front" }
      })
    )
    const name = valueOf(() =>
      Effect.provide(
        Door.use((it) => Effect.succeed(it.name)),
        door
      )
    )
    expect(name).toBe("front")
    expect(log).toEqual(["open door", "open window", "close window", "guard leaves", "close door"])
  })

  test("an interrupted fiber runs its finalizers at that time", () => {
    const endedAfterMs = valueOf(({ clock }) =>
      Effect.gen(function* () {
        const start = clock.nowMs
        let ended = -1
        const fiber = yield* Effect.forkChild(
          Effect.onInterrupt(Effect.sleep("1 hour"), () =>
            Effect.sync(() => {
              ended = clock.nowMs - start
            })
          )
        )
        yield* Effect.sleep(30)
        yield* Fiber.interrupt(fiber)
        return ended
      })
    )
    expect(endedAfterMs).toBe(30)
  })
})
