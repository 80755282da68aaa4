import { Carts } from "@doorbuster/core/cart/Carts"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { OrderQueue, type QueueEntry } from "@doorbuster/core/queue/OrderQueue"
import { ticketOf } from "@doorbuster/core/queue/QueuedOrder"
import { IdempotencyInFlight } from "@doorbuster/core/saga/errors"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import {
  away,
  delivered,
  elapsed,
  joined,
  lamp,
  order,
  orders,
  place,
  said,
  takenByTheDead,
  test,
  told,
  working
} from "./queueWorking.ts"

describe("a worker at the line", () => {
  test(
    "takes orders out at the set rate, in order",
    Effect.gen(function* () {
      const line = orders(50)
      const placed: Array<string> = []
      yield* delivered(lamp, 50)
      yield* joined(line)
      yield* working(
        (request) => {
          placed.push(request.key)
          return place(request)
        },
        { perSecond: 10 }
      )
      yield* elapsed(2_000)
      assert.isAtLeast(placed.length, 20)
      assert.isAtMost(placed.length, 22)
      yield* elapsed(3_000)
      assert.deepStrictEqual(
        placed,
        line.map(({ key }) => key)
      )
      assert.deepStrictEqual(
        yield* said(line),
        line.map(() => "Placed")
      )
    })
  )

  test(
    "tries again while nothing is decided, and holds no more than it may",
    Effect.gen(function* () {
      const line = orders(30)
      let isAway = true
      yield* joined(line)
      yield* working(
        (request) => {
          if (!isAway) return place(request)
          return Effect.fail(
            request.key === "buyer-0" ? new IdempotencyInFlight({ key: request.key }) : away
          )
        },
        { inFlightMax: 10 }
      )
      yield* elapsed(20_000)
      const { counts } = yield* OrderQueue
      assert.deepStrictEqual(yield* counts, { waiting: 20, taken: 10, dead: 0 })
      isAway = false
      yield* elapsed(5_000)
      assert.deepStrictEqual(
        yield* said(line),
        line.map(() => "Placed")
      )
    })
  )

  test(
    "says after a while that a store is out of reach, and lets the buyer come again",
    Effect.gen(function* () {
      const line = orders(1)
      yield* joined(line)
      yield* working(() => Effect.fail(away))
      yield* elapsed(30_000)
      assert.deepStrictEqual(yield* said(line), [null])
      yield* elapsed(40_000)
      assert.deepStrictEqual(yield* said(line), ["StorageError"])
      const [again] = yield* joined(line)
      assert.strictEqual(again?._tag, "Waiting")
    })
  )

  test(
    "takes over what a dead worker held",
    Effect.gen(function* () {
      const line = orders(2)
      yield* joined(line)
      yield* takenByTheDead
      yield* working(place)
      yield* elapsed(10_000)
      assert.deepStrictEqual(yield* said(line), [null, "Placed"])
      yield* elapsed(10_000)
      assert.deepStrictEqual(yield* said(line), ["Placed", "Placed"])
    })
  )

  test(
    "leaves to the living what they work on, however long it takes",
    Effect.gen(function* () {
      const line = orders(1)
      const placed: Array<string> = []
      yield* joined(line)
      yield* working(() => Effect.never)
      yield* elapsed(1_000)
      yield* working((request) => {
        placed.push(request.key)
        return place(request)
      })
      yield* elapsed(120_000)
      assert.deepStrictEqual(placed, [])
      assert.deepStrictEqual(yield* said(line), [null])
    })
  )

  test(
    "gives up an order that nobody has survived, and keeps it apart",
    Effect.gen(function* () {
      const line = orders(2)
      const queue = yield* OrderQueue
      yield* joined(line)
      yield* takenByTheDead
      for (let i = 0; i < 4; i++) yield* queue.claim(`dead-${i}`, 0, 1)
      const placed: Array<string> = []
      yield* working((request) => {
        placed.push(request.key)
        return place(request)
      })
      yield* elapsed(20_000)
      assert.deepStrictEqual(placed, ["buyer-1"])
      assert.deepStrictEqual(yield* said(line), ["StorageError", "Placed"])
      assert.deepStrictEqual(yield* queue.counts, { waiting: 0, taken: 0, dead: 1 })
    })
  )

  test(
    "is not stopped by an order that breaks it",
    Effect.gen(function* () {
      const line = orders(5)
      const { counts } = yield* OrderQueue
      yield* joined(line)
      yield* working((request) =>
        request.key === "buyer-2" ? Effect.die(new Error("poison")) : place(request)
      )
      yield* elapsed(1_000)
      assert.deepStrictEqual(yield* said(line), ["Placed", "Placed", null, "Placed", "Placed"])
      yield* elapsed(120_000)
      assert.strictEqual((yield* said(line))[2], "StorageError")
      assert.deepStrictEqual(yield* counts, { waiting: 0, taken: 0, dead: 1 })
    })
  )

  test(
    "puts down what it has not finished when it stops, for the next one to take at once",
    Effect.gen(function* () {
      const line = orders(2)
      yield* joined(line)
      const scope = yield* Scope.make()
      yield* Scope.provide(
        working(() => Effect.never),
        scope
      )
      yield* elapsed(1_000)
      yield* Scope.close(scope, Exit.void)
      const queue = yield* OrderQueue
      const left: ReadonlyArray<QueueEntry> = yield* queue.claim("next", 1_000_000, 10)
      assert.deepStrictEqual(
        left.map(({ deliveries, ticket }) => [ticket, deliveries]),
        line.map((one) => [ticketOf(one), 1])
      )
    })
  )

  test(
    "empties the cart of who bought from it, once",
    Effect.gen(function* () {
      const carts = yield* Carts
      const [ann, bob] = ["ann" as AccountId, "bob" as AccountId]
      const lines = [{ sku: lamp, quantity: Quantity.make(1) }]
      for (const account of [ann, bob]) yield* carts.put(account, lines)
      yield* joined([
        order("a", lamp, { emptiesCart: ann }),
        order("b", lamp, { emptiesCart: bob })
      ])
      yield* working((request) => Effect.succeed(told(request, request.key === "b")))
      yield* elapsed(1_000)
      assert.deepStrictEqual(yield* carts.get(ann), { lines: [] })
      assert.deepStrictEqual(yield* carts.get(bob), { lines })
    })
  )
})
