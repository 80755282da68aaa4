import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Promises } from "../suite.ts"
import {
  answers,
  emptied,
  freshConsumer,
  freshOrder,
  freshSku,
  joined,
  placed,
  positions,
  settled,
  soldOut,
  taken,
  the,
  ticketsOf
} from "./fixtures.ts"

export const sweeping: Promises<OrderQueue> = {
  "finds who waits for more units of a SKU than there are": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const [hot, other] = [yield* freshSku, yield* freshSku]
    const [one, three, none, both] = yield* joined([
      yield* freshOrder({ [hot]: 1 }),
      yield* freshOrder({ [hot]: 3 }),
      yield* freshOrder({ [other]: 9 }),
      yield* freshOrder({ [other]: 1, [hot]: 2 })
    ])
    const units = (moreThan: number) =>
      Effect.map(queue.wanting(hot, moreThan, 10), (found) =>
        Object.fromEntries(found.map((each) => [each.ticket, each.units]))
      )
    assert.deepStrictEqual(yield* units(0), { [the(one)]: 1, [the(three)]: 3, [the(both)]: 2 })
    assert.deepStrictEqual(yield* units(1), { [the(three)]: 3, [the(both)]: 2 })
    assert.deepStrictEqual(yield* units(3), {})
    assert.lengthOf(yield* queue.wanting(hot, 0, 2), 2)
    assert.deepStrictEqual(yield* queue.wanting(other, 8, 10), [{ ticket: the(none), units: 9 }])
  }),

  "tells all who wait at once that it is sold out, and serves the others": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const [hot, other] = [yield* freshSku, yield* freshSku]
    const tickets = yield* joined([
      yield* freshOrder({ [hot]: 1 }),
      yield* freshOrder({ [other]: 1 }),
      yield* freshOrder({ [hot]: 1, [other]: 1 }),
      yield* freshOrder({ [other]: 2 })
    ])
    const wanting = yield* queue.wanting(hot, 0, 10)
    const answer = soldOut(hot)
    const batch = wanting.map(({ ticket }) => ({ ticket, answer }))
    assert.strictEqual(yield* queue.refuse(batch), 2)
    assert.deepStrictEqual(yield* answers(tickets), [answer, null, answer, null])
    assert.deepStrictEqual(yield* positions(tickets), [null, 1, null, 2])
    assert.isEmpty(yield* queue.wanting(hot, 0, 10))
    assert.lengthOf(yield* queue.wanting(other, 0, 10), 2)
    assert.strictEqual(yield* queue.refuse(batch), 0)
    const served = yield* taken(yield* freshConsumer, 10)
    assert.deepStrictEqual(ticketsOf(served), [the(tickets[1]), the(tickets[3])])
  }),

  "leaves those alone who are being served": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const hot = yield* freshSku
    const tickets = yield* joined([
      yield* freshOrder({ [hot]: 1 }),
      yield* freshOrder({ [hot]: 1 })
    ])
    const entries = yield* taken(yield* freshConsumer, 1)
    const answer = soldOut(hot)
    const refused = yield* queue.refuse(tickets.map((ticket) => ({ ticket, answer })))
    assert.strictEqual(refused, 1)
    yield* settled(entries, placed("order"))
    assert.deepStrictEqual(yield* answers(tickets), [placed("order"), answer])
  })
}
