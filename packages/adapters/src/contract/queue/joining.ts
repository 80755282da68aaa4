import { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { minor } from "@doorbuster/core/money/Minor"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshAccount } from "../fresh.ts"
import type { Promises } from "../suite.ts"
import {
  answers,
  emptied,
  freshConsumer,
  freshOrder,
  freshOrders,
  joined,
  order,
  placed,
  positions,
  roomy,
  settled,
  soldOut,
  taken,
  the
} from "./fixtures.ts"

export const joining: Promises<OrderQueue> = {
  "gives places in the order in which people came": Effect.gen(function* () {
    yield* emptied
    const tickets = [
      ...(yield* joined(yield* freshOrders(3))),
      ...(yield* joined(yield* freshOrders(2)))
    ]
    assert.strictEqual(new Set(tickets).size, 5)
    assert.deepStrictEqual(yield* positions(tickets), [1, 2, 3, 4, 5])
  }),

  "lets positions shrink as those in front are taken, and shows 0 to whom it serves": Effect.gen(
    function* () {
      yield* emptied
      const tickets = yield* joined(yield* freshOrders(4))
      const entries = yield* taken(yield* freshConsumer, 2)
      assert.deepStrictEqual(yield* positions(tickets), [0, 0, 1, 2])
      yield* settled(entries)
      assert.deepStrictEqual(yield* positions(tickets), [null, null, 1, 2])
    }
  ),

  "gives twins that come at once one ticket and one place": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const twin = yield* freshOrder()
    const apart = Effect.forEach(Array.from({ length: 20 }), () => queue.join([twin], roomy), {
      concurrency: "unbounded"
    })
    const together = queue.join(
      Array.from({ length: 20 }, () => twin),
      roomy
    )
    const outcomes = [...(yield* apart).flat(), ...(yield* together)]
    const [first] = outcomes
    assert.deepStrictEqual(
      outcomes,
      outcomes.map(() => first)
    )
    assert.include(yield* queue.counts, { waiting: 1 })
    assert.lengthOf(yield* taken(yield* freshConsumer, 10), 1)
  }),

  "gives one account as many places as it has keys, and two accounts one each": Effect.gen(
    function* () {
      const [account, other] = [yield* freshAccount, yield* freshAccount]
      const tickets = yield* joined([
        order(account, { LAMP: 1 }, { key: "one" }),
        order(account, { LAMP: 1 }, { key: "two" }),
        order(other, { LAMP: 1 }, { key: "one" })
      ])
      assert.strictEqual(new Set(tickets).size, 3)
    }
  ),

  "refuses a key that came with another body, while it waits and when it was placed": Effect.gen(
    function* () {
      yield* emptied
      const queue = yield* OrderQueue
      const first = yield* freshOrder()
      const other = { ...first, fingerprint: "another body" }
      yield* joined([first])
      assert.deepStrictEqual(yield* queue.join([other], roomy), [{ _tag: "KeyReused" }])
      const entries = yield* taken(yield* freshConsumer, 1)
      assert.deepStrictEqual(yield* queue.join([other], roomy), [{ _tag: "KeyReused" }])
      yield* settled(entries, placed("order"))
      assert.deepStrictEqual(yield* queue.join([other], roomy), [{ _tag: "KeyReused" }])
    }
  ),

  "tells who was placed so, and lets who was refused join anew, with another body too": Effect.gen(
    function* () {
      yield* emptied
      const queue = yield* OrderQueue
      const [lucky, unlucky] = [yield* freshOrder(), yield* freshOrder()]
      const tickets = yield* joined([lucky, unlucky])
      const [first, second] = yield* taken(yield* freshConsumer, 2)
      yield* settled([the(first)], placed("order"))
      yield* settled([the(second)])
      assert.deepStrictEqual(yield* answers(tickets), [placed("order"), soldOut()])
      const again = { ...unlucky, fingerprint: "another body" }
      assert.deepStrictEqual(yield* queue.join([lucky, again], roomy), [
        { _tag: "Placed", ticket: the(tickets[0]), answer: placed("order") },
        { _tag: "Waiting", ticket: the(tickets[1]), position: 1 }
      ])
      assert.deepStrictEqual(yield* answers(tickets), [placed("order"), null])
    }
  ),

  "keeps no more than its capacity, and has room again when somebody was taken": Effect.gen(
    function* () {
      yield* emptied
      const queue = yield* OrderQueue
      const orders = yield* freshOrders(3)
      const tags = Effect.map(queue.join(orders, 2), (all) => all.map(({ _tag }) => _tag))
      assert.deepStrictEqual(yield* tags, ["Waiting", "Waiting", "Full"])
      yield* taken(yield* freshConsumer, 1)
      assert.deepStrictEqual(yield* tags, ["Waiting", "Waiting", "Waiting"])
    }
  ),

  "knows no ticket that it did not give": Effect.gen(function* () {
    const queue = yield* OrderQueue
    assert.deepStrictEqual(yield* queue.find([namedUuid("nobody's")]), [undefined])
  }),

  "hands out the whole order as it came, and says whose ticket it is": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const whole = order(
      yield* freshAccount,
      { LAMP: 2, "A MUG": 1_000_000 },
      {
        key: "k~!",
        coupons: [CouponCode.make("TEN")],
        shippingMethod: "post",
        shipTo: JSON.stringify({ country: "DE", name: "Zoë \u{1f600}" }),
        expectedTotal: minor(9_007_199_254_740_991n),
        externalRef: "ref",
        occurredAt: 1_700_000_000_123,
        emptiesCart: yield* freshAccount
      }
    )
    const [ticket] = yield* joined([whole])
    assert.deepStrictEqual(yield* queue.find([the(ticket)]), [
      { _tag: "Waiting", account: whole.account, position: 1 }
    ])
    const [entry] = yield* taken(yield* freshConsumer, 1)
    assert.deepStrictEqual(entry?.order, whole)
    assert.strictEqual(entry?.deliveries, 1)
  })
}
