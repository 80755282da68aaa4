import { StorageError } from "@doorbuster/core/StorageError"
import { type Patience, run } from "@doorbuster/core/saga/coordinator"
import { define } from "@doorbuster/core/saga/Saga"
import { machinery, refusedWrite, rejected, superseded, unknown } from "@doorbuster/core/saga/Step"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { test } from "vitest"

const patience: Patience = { attempts: 4, delayMs: 10, delayMsMax: 100 }
const down = machinery({ message: "the store is down" })

interface Log {
  readonly done: Array<string>
}

const note = (name: string) => (log: Log) => Effect.sync(() => void log.done.push(name))

const noted = (name: string) => ({ run: note(name), undo: note(`undo ${name}`) })

const playing = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    yield* TestClock.adjust("10 seconds")
    return yield* Fiber.join(fiber)
  })

type Broken = { readonly _tag: "Broken" }
const broken: Broken = { _tag: "Broken" }

it.effect("steps run in order", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    const saga = define<Log, Broken>("straight")
      .compensatable("a", noted("a"))
      .compensatable("b", noted("b"))
      .pivot("c", note("c"))
      .retriable("d", note("d"))
    assert.deepStrictEqual(yield* run(saga, log, patience), { _tag: "Done" })
    assert.deepStrictEqual(log.done, ["a", "b", "c", "d"])
  })
)

it.effect("a rejected step undoes itself and all before it, in reverse order", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    const saga = define<Log, Broken>("rejected")
      .compensatable("a", noted("a"))
      .compensatable("b", noted("b"))
      .compensatable("c", { run: () => Effect.fail(rejected(broken)), undo: note("undo c") })
      .pivot("d", note("d"))
    const ending = yield* run(saga, log, patience)
    assert.deepStrictEqual(ending, { _tag: "Compensated", reason: broken })
    assert.deepStrictEqual(log.done, ["a", "b", "undo c", "undo b", "undo a"])
  })
)

it.effect("a pivot without a clear answer is asked again and never compensated on a guess", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    let asked = 0
    const saga = define<Log, Broken>("unknown")
      .compensatable("a", noted("a"))
      .pivot("b", () =>
        Effect.suspend(() =>
          ++asked < 3 ? Effect.fail(unknown({ message: "no answer" })) : Effect.void
        )
      )
      .retriable("c", note("c"))
    const exit = yield* playing(run(saga, log, patience))
    assert.strictEqual(exit._tag, "Success")
    assert.deepStrictEqual(log.done, ["a", "c"])
    assert.strictEqual(asked, 3)
  })
)

it.effect("machines that keep failing exhaust a run and undo nothing", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    let tries = 0
    const saga = define<Log, Broken>("exhausted")
      .compensatable("a", noted("a"))
      .pivot("b", () => Effect.suspend(() => (++tries > 0 ? Effect.fail(down) : Effect.void)))
    const failure = yield* Effect.forkChild(Effect.flip(run(saga, log, patience)))
    yield* TestClock.adjust("10 seconds")
    const exhausted = yield* Fiber.join(failure)
    assert.deepInclude(exhausted, { _tag: "Exhausted", step: "b" })
    assert.strictEqual(tries, patience.attempts)
    assert.deepStrictEqual(log.done, ["a"])
  })
)

it.effect("a compensation that fails is tried again before the next one", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    let tries = 0
    const stubborn = () =>
      Effect.suspend(() => (++tries < 3 ? Effect.fail(down) : note("undo b")(log)))
    const saga = define<Log, Broken>("stubborn")
      .compensatable("a", noted("a"))
      .compensatable("b", { run: () => Effect.fail(rejected(broken)), undo: stubborn })
      .pivot("c", note("c"))
    yield* playing(run(saga, log, patience))
    assert.deepStrictEqual(log.done, ["a", "undo b", "undo a"])
  })
)

it.effect("a worker that lost the saga stops at once and compensates nothing", () =>
  Effect.gen(function* () {
    const log: Log = { done: [] }
    const saga = define<Log, Broken>("superseded")
      .compensatable("a", noted("a"))
      .compensatable("b", { run: () => Effect.fail(superseded), undo: note("undo b") })
      .pivot("c", note("c"))
    assert.deepStrictEqual(yield* Effect.flip(run(saga, log, patience)), superseded)
    assert.deepStrictEqual(log.done, ["a"])
  })
)

test("a write that can never be stored is refused; any other failure is a machine's", () => {
  const outcome = (reason: StorageError["reason"]) =>
    refusedWrite(new StorageError({ operation: "write", reason, detail: "" }))._tag
  assert.strictEqual(outcome("bad_value"), "Rejected")
  assert.strictEqual(outcome("retry"), "Machinery")
  assert.strictEqual(outcome("unavailable"), "Machinery")
})

test("what cannot be undone can neither follow the pivot nor be rejected there", () => {
  const after = define<Log, Broken>("typed").pivot("a", note("a"))
  // @ts-expect-error a compensatable step after the pivot
  after.compensatable
  // @ts-expect-error a second pivot
  after.pivot
  // @ts-expect-error a step after the pivot cannot be rejected
  after.retriable("b", () => Effect.fail(rejected(broken)))
  assert.strictEqual(after.steps.length, 1)
})
