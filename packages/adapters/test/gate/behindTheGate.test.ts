/** Those who are behind the gate: their units, their twins, and what is left when they go. */
import { GateKeeper } from "@doorbuster/core/edge/GateKeeper"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, describe } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import {
  elsewhere,
  lampKey,
  pass,
  peek,
  periods,
  promise,
  receive,
  sellOut,
  soldOut
} from "./keptGate.ts"

const refused = (key: string) => Effect.flip(pass(key, Effect.void))

describe("who is let in", () => {
  const one = Effect.andThen(soldOut, receive(lampKey, 1))

  promise(
    "takes units from the counter, and gives them back when nothing came of it",
    Effect.gen(function* () {
      yield* one
      yield* pass("failed", Effect.void, () => false)
      assert.strictEqual(yield* peek(lampKey), 1)
      yield* pass("unknown", Effect.void, () => null)
      assert.strictEqual(yield* peek(lampKey), 0, "they may be taken: only the record knows")
      yield* periods(1)
      assert.strictEqual(yield* peek(lampKey), 1)
    })
  )

  promise(
    "keeps nobody out as long as the record has units: they may come to nothing",
    Effect.gen(function* () {
      yield* one
      yield* pass("taken", Effect.void, () => null)
      yield* pass("next", Effect.void, () => null)
      assert.strictEqual(yield* peek(lampKey), 0, "units that nobody took are not given back")
      yield* elsewhere(sellOut(lampKey))
      yield* pass("nobody has heard of it", Effect.void, () => null)
      yield* periods(1)
      assert.deepStrictEqual(yield* refused("last"), {
        _tag: "Refused",
        short: { _tag: "SoldOut", key: lampKey, requested: 1, available: 0 }
      } as never)
    })
  )

  promise(
    "does not stand in the way of its own retry",
    Effect.gen(function* () {
      yield* one
      const account = AccountId.make("ann")
      const gate = yield* GateKeeper
      const done = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(pass("k", Deferred.await(done)), {
        startImmediately: true
      })
      yield* elsewhere(sellOut(lampKey))
      yield* periods(1)
      assert.isTrue(gate.isInside(account, "k"))
      assert.strictEqual((yield* refused("other"))._tag, "Refused")
      yield* pass("k", Effect.void)
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(first)
      assert.isFalse(gate.isInside(account, "k"), "from here on its claim is known")
      assert.strictEqual((yield* refused("k"))._tag, "Refused")
    })
  )

  promise(
    "is one of its twins at most: all the others hear what it hears, or find it in",
    Effect.gen(function* () {
      yield* one
      let worked = 0
      const work = Effect.sync(() => worked++)
      const twins = (key: string) =>
        Effect.forEach(Array.from({ length: 20 }), () => Effect.result(pass(key, work)), {
          concurrency: "unbounded"
        })
      const asked = yield* twins("lucky")
      assert.strictEqual(asked.filter(({ _tag }) => _tag === "Success").length, worked)
      assert.isAtLeast(worked, 1)
      yield* elsewhere(sellOut(lampKey))
      yield* periods(1)
      worked = 0
      yield* twins("late")
      assert.strictEqual(worked, 0)
    })
  )

  promise(
    "stays in for a while where nobody waited for the end of it",
    Effect.gen(function* () {
      yield* one
      const left = yield* Effect.forkChild(
        pass("k", Effect.never, () => null),
        { startImmediately: true }
      )
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(left)
      yield* pass("k", Effect.void, () => null)
    })
  )
})
