import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { SoldOut } from "@doorbuster/core/checkout/errors"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  delivered,
  elapsed,
  joined,
  lamp,
  mug,
  order,
  type Place,
  place,
  said,
  test,
  working
} from "./queueWorking.ts"

describe("when it is sold out", () => {
  const line = [order("first"), order("second"), order("mug", mug), order("third")]
  const refuse: Place = () => Effect.fail(new SoldOut({ sku: lamp, requested: 1, available: 0 }))

  test(
    "all who wait for it are told at once, and nobody else",
    Effect.gen(function* () {
      yield* delivered(lamp, 0)
      yield* joined(line)
      yield* working(refuse, { perSecond: 0.001 })
      yield* elapsed(200)
      assert.deepStrictEqual(yield* said(line), ["SoldOut", "SoldOut", null, "SoldOut"])
      const late = [order("late")]
      yield* joined(late)
      yield* elapsed(1_000)
      assert.deepStrictEqual(yield* said(late), ["SoldOut"])
    })
  )

  test(
    "nobody is told so while the stock says otherwise",
    Effect.gen(function* () {
      yield* delivered(lamp, 1)
      yield* joined(line)
      yield* working(refuse, { perSecond: 0.001 })
      yield* elapsed(5_000)
      assert.deepStrictEqual(yield* said(line), ["SoldOut", null, null, null])
    })
  )

  test(
    "who wants more than is left is told, and who wants no more is not",
    Effect.gen(function* () {
      const two = order("two", lamp, { lines: [{ sku: lamp, quantity: Quantity.make(2) }] })
      yield* delivered(lamp, 1)
      yield* joined([order("first"), two, order("one")])
      yield* working(place, { perSecond: 0.001 })
      yield* elapsed(2_000)
      assert.deepStrictEqual(yield* said([two, order("one")]), ["SoldOut", null])
    })
  )

  test(
    "what is not stocked is never sold out",
    Effect.gen(function* () {
      yield* joined(line)
      yield* working(place, { perSecond: 0.001 })
      yield* elapsed(3_000)
      assert.deepStrictEqual(yield* said(line), ["Placed", null, null, null])
    })
  )

  test(
    "who joins after a new delivery is served",
    Effect.gen(function* () {
      yield* delivered(lamp, 0)
      yield* joined(line)
      yield* working(refuse, { perSecond: 0.001 })
      yield* elapsed(2_000)
      yield* delivered(lamp, 5)
      const late = [order("late")]
      yield* joined(late)
      yield* elapsed(3_000)
      assert.deepStrictEqual(yield* said(late), [null])
    })
  )
})
