import { OrderQueue, type QueueEntry } from "@doorbuster/core/queue/OrderQueue"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Promises } from "../suite.ts"
import {
  answers,
  emptied,
  freshConsumer,
  freshOrder,
  freshOrders,
  joined,
  placed,
  positions,
  settled,
  soldOut,
  taken,
  the,
  ticketsOf
} from "./fixtures.ts"

const anHour = 3_600_000

export const taking: Promises<OrderQueue> = {
  "hands each entry to one of two consumers, in order": Effect.gen(function* () {
    yield* emptied
    const tickets = yield* joined(yield* freshOrders(60))
    const consumers = [yield* freshConsumer, yield* freshConsumer]
    const hands = yield* Effect.forEach(
      Array.from({ length: 12 }, (_, i) => the(consumers[i % 2])),
      (consumer) => taken(consumer, 5),
      { concurrency: "unbounded" }
    )
    assert.deepStrictEqual(ticketsOf(hands.flat()).sort(), [...tickets].sort())
    for (const hand of hands) {
      const places = ticketsOf(hand).map((ticket) => tickets.indexOf(ticket))
      assert.deepStrictEqual(
        places,
        places.toSorted((a, b) => a - b)
      )
    }
    assert.isEmpty(yield* taken(the(consumers[0]), 5))
  }),

  "hands out no more than is due, whoever asks": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    yield* joined(yield* freshOrders(5))
    const slowly = (consumer: string) => queue.take({ consumer, limit: 5, perSecond: 0.001 })
    const consumers = [yield* freshConsumer, yield* freshConsumer]
    const hands = yield* Effect.forEach([...consumers, ...consumers], slowly)
    assert.deepStrictEqual(
      hands.map((hand) => hand.length),
      [1, 0, 0, 0]
    )
    assert.include(yield* queue.counts, { waiting: 4, taken: 1 })
  }),

  "hands the entries of a consumer that fell silent to another one, and counts": Effect.gen(
    function* () {
      yield* emptied
      const queue = yield* OrderQueue
      const tickets = yield* joined(yield* freshOrders(3))
      yield* taken(yield* freshConsumer, 3)
      const heir = yield* freshConsumer
      assert.isEmpty(yield* queue.claim(heir, anHour, 10))
      assert.isEmpty(yield* taken(heir, 10))
      const claimed = yield* queue.claim(heir, 0, 2)
      const rest = yield* queue.claim(yield* freshConsumer, 0, 10)
      assert.deepStrictEqual(ticketsOf(claimed), tickets.slice(0, 2))
      assert.deepStrictEqual(
        claimed.map(({ deliveries }) => deliveries),
        [2, 2]
      )
      assert.deepStrictEqual(
        rest.map(({ deliveries }) => deliveries),
        [3, 3, 2]
      )
      assert.deepStrictEqual(yield* positions(tickets), [0, 0, 0])
    }
  ),

  "never hands out again what was acknowledged": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const tickets = yield* joined(yield* freshOrders(4))
    const entries = yield* taken(yield* freshConsumer, 4)
    yield* settled(entries.slice(0, 3), placed("order"))
    yield* settled(entries.slice(0, 3), placed("order"))
    const heir = yield* freshConsumer
    assert.isEmpty(yield* taken(heir, 10))
    assert.deepStrictEqual(ticketsOf(yield* queue.claim(heir, 0, 10)), tickets.slice(3))
  }),

  "keeps what its consumer keeps renewing, and only what is its own": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    yield* joined(yield* freshOrders(2))
    const [busy, silent] = [yield* freshConsumer, yield* freshConsumer]
    const [mine] = yield* taken(busy, 1)
    const [theirs] = yield* taken(silent, 1)
    yield* Effect.sleep(2_100)
    yield* queue.keep(busy, [the(mine).entry, the(theirs).entry, "0-1"])
    const claimed = yield* queue.claim(yield* freshConsumer, 2_000, 10)
    assert.deepStrictEqual(ticketsOf(claimed), [the(theirs).ticket])
  }),

  "takes back what a consumer puts down, as if it was never handed out": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const tickets = yield* joined(yield* freshOrders(2))
    const [consumer, heir] = [yield* freshConsumer, yield* freshConsumer]
    const [first] = yield* taken(consumer, 2)
    yield* queue.release(consumer, [the(first).entry])
    yield* queue.release(heir, ["0-1"])
    const claimed = yield* queue.claim(heir, anHour, 10)
    assert.deepStrictEqual(ticketsOf(claimed), tickets.slice(0, 1))
    assert.deepStrictEqual(
      claimed.map(({ deliveries }) => deliveries),
      [1]
    )
  }),

  "keeps an order that was placed, whatever another consumer found": Effect.gen(function* () {
    yield* emptied
    const tickets = yield* joined(yield* freshOrders(2))
    const [one, two] = yield* taken(yield* freshConsumer, 2)
    yield* settled([the(one)], placed("first"))
    yield* settled([the(one)])
    yield* settled([the(two)])
    yield* settled([the(two)], placed("second"))
    assert.deepStrictEqual(yield* answers(tickets), [placed("first"), placed("second")])
  }),

  "does not refuse who joined anew by the answer to an earlier stay": Effect.gen(function* () {
    yield* emptied
    const stubborn = yield* freshOrder()
    yield* joined([stubborn])
    const earlier = yield* taken(yield* freshConsumer, 1)
    yield* settled(earlier)
    const [ticket] = yield* joined([stubborn])
    yield* settled(earlier)
    assert.deepStrictEqual(yield* positions([the(ticket)]), [1])
    const later = yield* taken(yield* freshConsumer, 1)
    assert.notStrictEqual(later[0]?.entry, (earlier[0] as QueueEntry).entry)
  }),

  "keeps what was given up apart, once": Effect.gen(function* () {
    yield* emptied
    const queue = yield* OrderQueue
    const { dead } = yield* queue.counts
    const tickets = yield* joined(yield* freshOrders(1))
    const entries = yield* taken(yield* freshConsumer, 1)
    yield* settled(entries, soldOut(), true)
    yield* settled(entries, soldOut(), true)
    assert.deepStrictEqual(yield* queue.counts, { waiting: 0, taken: 0, dead: dead + 1 })
    assert.deepStrictEqual(yield* answers(tickets), [soldOut()])
  })
}
