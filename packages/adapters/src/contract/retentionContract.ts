import { Orders } from "@doorbuster/core/order/Orders"
import { type OpenSaga, Sagas } from "@doorbuster/core/order/Sagas"
import { Retention, type Retired } from "@doorbuster/core/retention/Retention"
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshOrder } from "./fresh.ts"
import { answer, checkout, creation, endOf, opened, placed } from "./orders/fixtures.ts"
import { tagOf } from "./outcomes.ts"
import { type Promises, suite } from "./suite.ts"

const hourMs = 3_600_000

/** Retires until nothing is left; what these tests write is made old by looking from later on. */
const retireAll = Effect.fnUntraced(function* (openedBefore: number, limit = 100) {
  const retention = yield* Retention
  const all: Array<Retired> = []
  do {
    all.push(yield* retention.retire({ openedBefore, limit }))
  } while (all.at(-1)?.more)
  return {
    keys: all.reduce((sum, { keys }) => sum + keys, 0),
    payloads: all.reduce((sum, { payloads }) => sum + payloads, 0)
  }
})

const soon = Effect.map(Clock.currentTimeMillis, (now) => now + 1_000)
const retireOld = Effect.flatMap(soon, (openedBefore) => retireAll(openedBefore))

/** A store in which nothing is left that could be retired. */
const tidied = Effect.andThen(retireOld, Effect.sleep(2))

/** Made and closed: nothing is left to be done for it. */
const ended = Effect.gen(function* () {
  const saga = yield* placed
  yield* (yield* Sagas).close([endOf(saga, 1)])
  return saga
})

const claimOf = ({ account, key }: OpenSaga) =>
  Effect.gen(function* () {
    const [claim] = yield* (yield* Sagas).claimsOf([{ account, key: key ?? "" }])
    return claim
  })

/** The same request again, as a new attempt. */
const again = (saga: OpenSaga) =>
  Effect.gen(function* () {
    const orderId = yield* freshOrder
    const request = { ...saga, orderId, sagaId: orderId }
    return { request, outcome: (yield* (yield* Sagas).open([request]))[0] }
  })

const keeping: Promises<Retention | Sagas | Orders> = {
  "keeps what was opened at that time or later, and a retry gets its answer": Effect.gen(
    function* () {
      const saga = yield* ended
      yield* retireAll(saga.at)
      assert.deepStrictEqual(yield* claimOf(saga), { fingerprint: saga.fingerprint, answer })
      assert.deepStrictEqual((yield* again(saga)).outcome, { _tag: "Answered", answer })
    }
  ),

  "keeps the key of a saga that is open, with an answer and without": Effect.gen(function* () {
    const [running, answered] = [yield* opened, yield* placed]
    yield* retireOld
    assert.deepStrictEqual((yield* again(running)).outcome, {
      _tag: "InFlight",
      sagaId: running.sagaId
    })
    assert.deepStrictEqual((yield* again(answered)).outcome, { _tag: "Answered", answer })
    assert.strictEqual((yield* (yield* Sagas).find(running.sagaId))?.payload, running.payload)
  }),

  "retires such a saga once it has ended": Effect.gen(function* () {
    const saga = yield* placed
    yield* retireOld
    yield* (yield* Sagas).close([endOf(saga, 1)])
    assert.strictEqual((yield* retireOld).keys, 1)
    assert.strictEqual(yield* claimOf(saga), undefined)
  }),

  "counts from when a saga was opened, not from when its id was made": Effect.gen(function* () {
    const sagas = yield* Sagas
    const waited = yield* checkout
    const saga = { ...waited, at: waited.at + hourMs }
    yield* sagas.open([saga])
    yield* sagas.close([{ ...endOf(saga, 1), answer }])
    yield* retireOld
    assert.deepStrictEqual((yield* claimOf(saga))?.answer, answer)
    yield* retireAll(saga.at + 1)
    assert.strictEqual(yield* claimOf(saga), undefined)
  }),

  "keeps an order, its history and its reference": Effect.gen(function* () {
    const [orders, sagas] = [yield* Orders, yield* Sagas]
    const saga = yield* opened
    const ref = { externalRef: `ref-${saga.sagaId}` }
    yield* orders.create([creation(saga, ref)])
    yield* sagas.close([endOf(saga, 1)])
    const before = [yield* orders.find(saga.orderId), yield* orders.history(saga.orderId, 0)]
    yield* retireOld
    const after = [yield* orders.find(saga.orderId), yield* orders.history(saga.orderId, 0)]
    assert.deepStrictEqual(after, before)
    const { request } = yield* again(saga)
    const [refused] = yield* orders.create([creation(request, ref)])
    assert.strictEqual(tagOf(refused), "ExternalRefTaken")
  })
}

const retiring: Promises<Retention | Sagas | Orders> = {
  "frees an old key: who comes with it then comes for the first time": Effect.gen(function* () {
    yield* tidied
    const saga = yield* ended
    assert.deepStrictEqual(yield* retireOld, { keys: 1, payloads: 0 })
    assert.strictEqual(yield* claimOf(saga), undefined)
    const { outcome } = yield* again({ ...saga, fingerprint: "body-2" })
    assert.deepStrictEqual(outcome, { _tag: "Opened" })
  }),

  "leaves of a retired saga all but its key and its payload": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* ended
    const before = yield* sagas.find(saga.sagaId)
    yield* retireOld
    const after = yield* sagas.find(saga.sagaId)
    assert.deepStrictEqual(after, before && { ...before, key: null, payload: "" })
  }),

  "forgets what a failed saga was asked for": Effect.gen(function* () {
    yield* tidied
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* sagas.close([endOf(saga, 1, "failed")])
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.payload, saga.payload)
    assert.deepStrictEqual(yield* retireOld, { keys: 0, payloads: 1 })
    const found = yield* sagas.find(saga.sagaId)
    assert.deepInclude(found, { state: "failed", lastError: "declined", key: null, payload: "" })
  }),

  "does not free a key that a later saga holds": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    yield* sagas.close([endOf(first, 1, "failed")])
    const { request: second } = yield* again(first)
    yield* retireOld
    assert.deepStrictEqual((yield* again(first)).outcome, {
      _tag: "InFlight",
      sagaId: second.sagaId
    })
  }),

  "looks at so many sagas at a time, and says when there are more": Effect.gen(function* () {
    yield* tidied
    const retention = yield* Retention
    for (let made = 0; made < 3; made++) yield* ended
    const retirement = { openedBefore: yield* soon, limit: 2 }
    assert.deepStrictEqual(yield* retention.retire(retirement), {
      keys: 2,
      payloads: 0,
      more: true
    })
    assert.deepStrictEqual(yield* retention.retire(retirement), {
      keys: 1,
      payloads: 0,
      more: false
    })
  }),

  "does not go on for what is too young": Effect.gen(function* () {
    yield* tidied
    const retention = yield* Retention
    const { at } = yield* ended
    assert.deepStrictEqual(yield* retention.retire({ openedBefore: at - 1_000, limit: 1 }), {
      keys: 0,
      payloads: 0,
      more: false
    })
  }),

  "retires everything once when many are at it together": Effect.gen(function* () {
    yield* tidied
    const sagas = yield* Effect.forEach(Array.from({ length: 12 }), () => ended)
    const openedBefore = yield* soon
    const twins = Array.from({ length: 8 }, () => retireAll(openedBefore, 2))
    const shares = yield* Effect.all(twins, { concurrency: "unbounded" })
    assert.strictEqual(
      shares.reduce((sum, { keys }) => sum + keys, 0),
      sagas.length
    )
    for (const saga of sagas) assert.strictEqual(yield* claimOf(saga), undefined)
  }),

  "lets those who come with a key while it is freed either have its answer or be the first":
    Effect.gen(function* () {
      const sagas = yield* Effect.forEach(Array.from({ length: 20 }), () => ended)
      const openedBefore = yield* soon
      const coming = Effect.forEach(sagas, again, { concurrency: "unbounded" })
      const both = [coming, retireAll(openedBefore, 3)] as const
      const [outcomes] = yield* Effect.all(both, { concurrency: "unbounded" })
      for (const { outcome, request } of outcomes) {
        assert.include(["Answered", "Opened"], tagOf(outcome))
        const holder = yield* claimOf(request)
        if (outcome?._tag === "Opened") assert.strictEqual(holder?.answer, null)
      }
    })
}

/**
 * What every `Retention` promises, with the `Sagas` and `Orders` of the same schema. Nothing else
 * may retire what is in the store at the same time.
 */
export const retentionContract = <E>(
  name: string,
  adapter: Layer.Layer<Retention | Sagas | Orders, E>
): void => suite(`Retention contract: ${name}`, adapter, [keeping, retiring])
