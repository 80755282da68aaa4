/**
 * Goal: the gate refuses what is sold out, for as long as it is, and nothing else.
 * Method: the keeper over the memory adapters on a clock of the test's; what happens to the gate
 * and to the stock behind its back is done with other hands.
 */
import { Gate } from "@doorbuster/core/edge/Gate"
import { GateKeeper } from "@doorbuster/core/edge/GateKeeper"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofCoupon, type StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  elsewhere,
  isOpen,
  lamp,
  lampKey,
  peek,
  periods,
  promise,
  receive,
  record,
  reserve,
  sell,
  sellOut,
  settings,
  soldOut
} from "./keptGate.ts"

describe("the gate closes", () => {
  promise(
    "as soon as the stock has refused a key, and lets what it has left go",
    Effect.gen(function* () {
      yield* sell(lamp)
      yield* receive(lampKey, 2)
      assert.isTrue(yield* isOpen(5), "nobody was refused yet, so the stock is asked")
      assert.strictEqual((yield* reserve(lampKey, 5)).tag, "OutOfStock")
      assert.deepStrictEqual([yield* isOpen(3), yield* isOpen(2)], [false, true])
      yield* sellOut(lampKey)
      assert.isFalse(yield* isOpen(1))
    })
  )

  promise(
    "for what has no stock at all",
    Effect.gen(function* () {
      yield* sell(lamp)
      assert.strictEqual((yield* reserve(lampKey)).tag, "UnknownStock")
      assert.isFalse(yield* isOpen())
    })
  )

  promise(
    "not for coupons and purchase limits: their allowance may have been raised",
    Effect.gen(function* () {
      const coupon = ofCoupon("TEN")
      assert.deepStrictEqual((yield* sellOut(coupon)).length, 1)
      assert.isUndefined(yield* peek(coupon))
    })
  )

  promise(
    "for no more keys than can be counted every period",
    Effect.gen(function* () {
      const keys = ["A", "B", "C", "D"] as ReadonlyArray<string> as ReadonlyArray<StockKey>
      yield* Effect.forEach(keys, (key) => reserve(key))
      const known = yield* Effect.forEach(keys, peek)
      assert.deepStrictEqual(known, [0, 0, 0, undefined])
    })
  )
})

describe("the gate opens", () => {
  promise(
    "at once, when units come back through this process",
    Effect.gen(function* () {
      yield* soldOut
      yield* receive(lampKey, 1)
      assert.isTrue(yield* isOpen())
      const [taken] = yield* sellOut(lampKey)
      assert.isFalse(yield* isOpen())
      const inventory = yield* Inventory
      const reservation = { orderId: taken!, epoch: 1, keys: [lampKey] }
      yield* inventory.release([{ ...reservation, as: "released" }])
      assert.isTrue(yield* isOpen())
    })
  )

  promise(
    "within a period, when units come in elsewhere",
    Effect.gen(function* () {
      yield* soldOut
      yield* elsewhere(receive(lampKey, 1))
      assert.isFalse(yield* isOpen())
      yield* periods(1)
      assert.deepStrictEqual([yield* isOpen(1), yield* isOpen(2)], [true, false])
    })
  )

  promise(
    "at once, when somebody set it wrong: the record has the units",
    Effect.gen(function* () {
      yield* soldOut
      yield* receive(lampKey, 7)
      const gate = yield* Gate
      yield* gate.set([{ key: lampKey, available: 0 }])
      assert.deepStrictEqual([yield* isOpen(7), yield* isOpen(8)], [true, false])
      yield* periods(1)
      assert.deepStrictEqual([yield* isOpen(7), yield* isOpen(8)], [true, false])
    })
  )

  promise(
    "when it could not be counted for long: it may be wrong, and the stock decides",
    Effect.gen(function* () {
      yield* soldOut
      record.isDown = true
      yield* periods(4)
      assert.isFalse(yield* isOpen(), "it is trusted for a while")
      yield* periods(2)
      assert.isTrue(yield* isOpen())
      const gate = yield* GateKeeper
      assert.isUndefined(gate.shortOf([{ key: lampKey, quantity: 1 }]))
      record.isDown = false
      yield* periods(1)
      assert.isFalse(yield* isOpen())
    })
  )

  promise(
    "for a product that is no longer for sale: that is what its buyers are to be told",
    Effect.gen(function* () {
      yield* soldOut
      yield* sell(lamp, false)
      yield* periods(1)
      assert.isTrue(yield* isOpen())
      assert.isUndefined(yield* peek(lampKey))
    })
  )

  promise(
    "for good only after a while of plenty, so that a moment of it changes nothing",
    Effect.gen(function* () {
      yield* soldOut
      yield* receive(lampKey, settings.plentyUnits)
      yield* periods(settings.plentyPeriods - 1)
      assert.strictEqual(yield* peek(lampKey), settings.plentyUnits)
      yield* reserve(lampKey)
      yield* periods(1)
      assert.strictEqual(yield* peek(lampKey), settings.plentyUnits - 1)
      yield* receive(lampKey, 1)
      yield* periods(settings.plentyPeriods)
      assert.isUndefined(yield* peek(lampKey))
    })
  )
})

describe("a lost gate", () => {
  promise(
    "knows within a period again what it guarded",
    Effect.gen(function* () {
      yield* soldOut
      yield* (yield* Gate).remove([lampKey])
      assert.isTrue(yield* isOpen())
      yield* periods(1)
      assert.isFalse(yield* isOpen())
    })
  )

  promise(
    "that comes back with what it knew long ago refuses nobody by it, and is soon right",
    Effect.gen(function* () {
      yield* sell(lamp)
      yield* receive(lampKey, 3)
      const gate = yield* Gate
      yield* gate.set([{ key: lampKey, available: 0 }])
      assert.isTrue(yield* isOpen(3))
      yield* periods(1)
      assert.strictEqual(yield* peek(lampKey), 3)
    })
  )

  promise(
    "is not kept for keys that nobody wants any more",
    Effect.gen(function* () {
      yield* soldOut
      yield* periods(settings.idlePeriods + 1)
      yield* (yield* Gate).remove([lampKey])
      yield* periods(1)
      assert.isUndefined(yield* peek(lampKey))
    })
  )
})
