import * as Batcher from "@doorbuster/core/batch/Batcher"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"

const failure = (reason: StorageError["reason"]) =>
  new StorageError({ operation: "flush", reason, detail: "because the test says so" })

const submitAll = <A>(batcher: Batcher.Batcher<A, A>, items: ReadonlyArray<A>) =>
  Effect.forkChild(
    Effect.all(
      items.map((item) => Effect.exit(batcher.submit(item))),
      { concurrency: "unbounded" }
    )
  )

const range = (length: number) => Array.from({ length }, (_, i) => i)

it.effect("an idle batcher flushes a lone item without waiting for time to pass", () =>
  Effect.gen(function* () {
    const sizes: Array<number> = []
    const batcher = yield* Batcher.make<number, number>({
      name: "lone",
      limit: 10,
      flush: (items) =>
        Effect.as(
          Effect.sync(() => sizes.push(items.length)),
          items
        )
    })
    assert.strictEqual(yield* batcher.submit(7), 7)
    assert.deepStrictEqual(sizes, [1])
  })
)

it.effect("what arrives during a flush makes the next batch, up to the limit", () =>
  Effect.gen(function* () {
    const gate = yield* Deferred.make<void>()
    const sizes: Array<number> = []
    const batcher = yield* Batcher.make<number, number>({
      name: "busy",
      limit: 4,
      flush: Effect.fnUntraced(function* (items: ReadonlyArray<number>) {
        sizes.push(items.length)
        if (sizes.length === 1) yield* Deferred.await(gate)
        return items
      })
    })
    const first = yield* submitAll(batcher, [0])
    yield* TestClock.adjust(0)
    const rest = yield* submitAll(batcher, range(10))
    yield* TestClock.adjust(0)
    assert.deepStrictEqual(sizes, [1])
    yield* Deferred.succeed(gate, undefined)
    const answers = yield* Fiber.join(rest)
    yield* Fiber.join(first)
    assert.deepStrictEqual(sizes, [1, 4, 4, 2])
    assert.deepStrictEqual(
      answers.map((exit) => (Exit.isSuccess(exit) ? exit.value : "failed")),
      range(10)
    )
  })
)

it.effect("heavy items split a batch, and an item heavier than the limit goes alone", () =>
  Effect.gen(function* () {
    const batches: Array<ReadonlyArray<number>> = []
    const batcher = yield* Batcher.make<number, number>({
      name: "heavy",
      limit: 100,
      weight: { of: (item) => item, limit: 10 },
      flush: (items) =>
        Effect.as(
          Effect.sync(() => batches.push(items)),
          items
        )
    })
    const all = yield* submitAll(batcher, [1, 6, 6, 50, 2])
    yield* Fiber.join(all)
    assert.isTrue(batches.every((b) => b.length === 1 || b.reduce((x, y) => x + y) <= 10))
    assert.deepStrictEqual(batches.flat(), [1, 6, 6, 50, 2])
  })
)

it.effect("one bad item fails alone, found by halving", () =>
  Effect.gen(function* () {
    const batcher = yield* Batcher.make<number, number>({
      name: "bad",
      limit: 100,
      flush: (items) =>
        items.includes(5) ? Effect.fail(failure("bad_value")) : Effect.succeed(items)
    })
    const answers = yield* Fiber.join(yield* submitAll(batcher, range(20)))
    const failed = range(20).filter((i) => Exit.isFailure(answers[i] as never))
    assert.deepStrictEqual(failed, [5])
  })
)

it.effect("a batch that lost a race is sent again; one that meets a dead store fails whole", () =>
  Effect.gen(function* () {
    let tries = 0
    const batcher = yield* Batcher.make<string, string>({
      name: "retry",
      limit: 100,
      flush: (items) =>
        Effect.suspend(() => {
          if (items.includes("dead")) return Effect.fail(failure("unavailable"))
          return ++tries < 4 ? Effect.fail(failure("retry")) : Effect.succeed(items)
        })
    })
    const fiber = yield* Effect.forkChild(batcher.submit("alive"))
    yield* TestClock.adjust("1 second")
    assert.strictEqual(yield* Fiber.join(fiber), "alive")
    assert.strictEqual(tries, 4)
    const error = yield* Effect.flip(batcher.submit("dead"))
    assert.strictEqual(error.reason, "unavailable")
  })
)

it.effect("closing finishes what was taken and refuses what comes later", () =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    const gate = yield* Deferred.make<void>()
    const batcher = yield* Batcher.make<number, number>({
      name: "closing",
      limit: 2,
      flush: (items) => Effect.as(Deferred.await(gate), items)
    }).pipe(Scope.provide(scope))
    const taken = yield* submitAll(batcher, range(5))
    yield* TestClock.adjust(0)
    const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
    yield* TestClock.adjust(0)
    const late = yield* Effect.flip(batcher.submit(99))
    assert.strictEqual(late.reason, "unavailable")
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(closing)
    const answers = yield* Fiber.join(taken)
    assert.strictEqual(answers.filter(Exit.isSuccess).length, 5)
  })
)

it.effect("a caller that stops waiting does not disturb the others", () =>
  Effect.gen(function* () {
    const gate = yield* Deferred.make<void>()
    const batcher = yield* Batcher.make<number, number>({
      name: "interrupted",
      limit: 10,
      flush: (items) => Effect.as(Deferred.await(gate), items)
    })
    const impatient = yield* Effect.forkChild(batcher.submit(1))
    yield* TestClock.adjust(0)
    const patient = yield* Effect.forkChild(batcher.submit(2))
    yield* TestClock.adjust(0)
    yield* Fiber.interrupt(impatient)
    yield* Deferred.succeed(gate, undefined)
    assert.strictEqual(yield* Fiber.join(patient), 2)
  })
)
