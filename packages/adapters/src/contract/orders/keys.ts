import { Orders } from "@doorbuster/core/order/Orders"
import { type CloseSaga, type OpenSaga, Sagas } from "@doorbuster/core/order/Sagas"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshAccount, freshOrder } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { answer, checkout, creation, endOf, moveOf, opened, placed } from "./fixtures.ts"

const keyOf = ({ account, key }: OpenSaga) => ({ account, key: key ?? "" })

/** The same request again, as a retry sends it: a new attempt under the old key. */
const retryOf = (request: OpenSaga) =>
  Effect.map(freshOrder, (orderId): OpenSaga => ({ ...request, orderId, sagaId: orderId }))

const ending = (saga: OpenSaga, change: Partial<CloseSaga> = {}): CloseSaga => ({
  ...endOf(saga, 1, "failed"),
  ...change
})

export const claiming: Promises<Sagas> = {
  "opens a saga under a fresh key, owned by its worker with epoch 1": Effect.gen(function* () {
    const sagas = yield* Sagas
    const request = yield* checkout
    assert.deepStrictEqual(yield* sagas.open([request]), [{ _tag: "Opened" }])
    const { account, deadlineAt, key, kind, orderId, payload, sagaId, worker } = request
    assert.deepStrictEqual(yield* sagas.find(sagaId), {
      account,
      deadlineAt,
      key,
      kind,
      orderId,
      payload,
      sagaId,
      state: "open",
      owner: worker,
      epoch: 1,
      cancelRequested: false,
      runAfter: request.at,
      attempts: 0,
      lastError: null,
      openedAt: request.at,
      closedAt: null
    })
  }),

  "answers Opened to the saga that holds the key already": Effect.gen(function* () {
    const sagas = yield* Sagas
    const request = yield* opened
    assert.deepStrictEqual(tally(yield* sagas.open([request, request])), { Opened: 2 })
  }),

  "tells a retry that the first attempt still runs": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    const retry = yield* retryOf(first)
    assert.deepStrictEqual(yield* sagas.open([retry]), [{ _tag: "InFlight", sagaId: first.sagaId }])
    assert.strictEqual(yield* sagas.find(retry.sagaId), undefined)
  }),

  "refuses a key that comes with another body, running or not": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    const other = { ...(yield* retryOf(first)), fingerprint: "body-2" }
    assert.deepStrictEqual(yield* sagas.open([other]), [{ _tag: "KeyReused" }])
    yield* sagas.close([ending(first, { answer })])
    assert.deepStrictEqual(yield* sagas.open([other]), [{ _tag: "KeyReused" }])
  }),

  "gives a retry the first answer, word for word": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    yield* sagas.close([ending(first, { as: "done", answer })])
    const retry = yield* retryOf(first)
    assert.deepStrictEqual(yield* sagas.open([retry]), [{ _tag: "Answered", answer }])
  }),

  "frees the key of a saga that closes without an answer": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    yield* sagas.close([ending(first)])
    assert.deepStrictEqual(yield* sagas.claimsOf([keyOf(first)]), [undefined])
    const other = { ...(yield* retryOf(first)), fingerprint: "body-2" }
    assert.deepStrictEqual(yield* sagas.open([other]), [{ _tag: "Opened" }])
  }),

  "does not free a key that a later saga has claimed since": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    yield* sagas.close([ending(first)])
    const second = yield* retryOf(first)
    yield* sagas.open([second])
    yield* sagas.close([ending(first)])
    const third = yield* retryOf(first)
    assert.deepStrictEqual(yield* sagas.open([third]), [
      { _tag: "InFlight", sagaId: second.sagaId }
    ])
  }),

  "shows what keys were claimed for, in the order asked for": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    const other = { ...(yield* checkout), fingerprint: "body-2" }
    yield* sagas.open([other])
    const free = keyOf(yield* checkout)
    const running = { fingerprint: "body-1", answer: null }
    assert.deepStrictEqual(
      yield* sagas.claimsOf([keyOf(other), free, keyOf(saga), keyOf(other), keyOf(saga)]),
      [
        { fingerprint: "body-2", answer: null },
        undefined,
        running,
        { fingerprint: "body-2", answer: null },
        running
      ]
    )
    yield* sagas.close([ending(saga, { as: "done", answer })])
    const strange = { account: yield* freshAccount, key: saga.key ?? "" }
    assert.deepStrictEqual(yield* sagas.claimsOf([strange, keyOf(saga)]), [
      undefined,
      { fingerprint: "body-1", answer }
    ])
  }),

  "asked for no keys, shows nothing": Effect.gen(function* () {
    assert.deepStrictEqual(yield* (yield* Sagas).claimsOf([]), [])
  }),

  "keeps keys apart by account": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    const other = { ...(yield* retryOf(first)), account: yield* freshAccount, fingerprint: "b" }
    assert.deepStrictEqual(yield* sagas.open([other]), [{ _tag: "Opened" }])
  }),

  "opens sagas without a key side by side": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = { ...(yield* checkout), key: null }
    const second = { ...first, sagaId: yield* nextUuid }
    assert.deepStrictEqual(tally(yield* sagas.open([first, second])), { Opened: 2 })
    assert.strictEqual((yield* sagas.find(second.sagaId))?.key, null)
  }),

  "lets one of 50 twins at once through": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* checkout
    const twins = yield* Effect.forEach(Array.from({ length: 50 }), () => retryOf(first))
    const outcomes = yield* atOnce(twins, (twin) => sagas.open([twin]))
    assert.deepStrictEqual(tally(outcomes), { Opened: 1, InFlight: 49 })
    const winner = twins[outcomes.findIndex(({ _tag }) => _tag === "Opened")]?.sagaId
    const named = new Set(outcomes.map((o) => (o._tag === "InFlight" ? o.sagaId : winner)))
    assert.deepStrictEqual([...named], [winner])
    const found = yield* Effect.forEach(twins, ({ sagaId }) => sagas.find(sagaId))
    assert.strictEqual(found.filter((saga) => saga !== undefined).length, 1)
  }),

  "lets the first of the twins in a batch through": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* checkout
    const twin = yield* retryOf(first)
    const other = { ...(yield* retryOf(first)), fingerprint: "body-2" }
    assert.deepStrictEqual(yield* sagas.open([first, twin, other]), [
      { _tag: "Opened" },
      { _tag: "InFlight", sagaId: first.sagaId },
      { _tag: "KeyReused" }
    ])
  })
}

export const answering: Promises<Sagas | Orders> = {
  "gives a retry the answer that came with the order, while the saga runs on": Effect.gen(
    function* () {
      const sagas = yield* Sagas
      const first = yield* placed
      const retry = yield* retryOf(first)
      assert.deepStrictEqual(yield* sagas.open([retry]), [{ _tag: "Answered", answer }])
      assert.strictEqual((yield* sagas.find(first.sagaId))?.state, "open")
    }
  ),

  "keeps the first answer when the saga closes with another": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* placed
    yield* sagas.close([ending(first, { answer: { status: 409, body: "{}" } })])
    const retry = yield* retryOf(first)
    assert.deepStrictEqual(yield* sagas.open([retry]), [{ _tag: "Answered", answer }])
  }),

  "keeps the answered key when the saga closes without an answer": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* placed
    yield* sagas.close([ending(first)])
    const retry = yield* retryOf(first)
    assert.deepStrictEqual(yield* sagas.open([retry]), [{ _tag: "Answered", answer }])
  }),

  "answers a key by the move that closes its saga": Effect.gen(function* () {
    const [sagas, orders] = [yield* Sagas, yield* Orders]
    const { account, orderId } = yield* placed
    const saga = { ...(yield* checkout), sagaId: yield* nextUuid, orderId, account }
    yield* sagas.open([{ ...saga, kind: "refund" }])
    yield* orders.move([moveOf(orderId, saga.sagaId, "Cancel", { close: { answer } })])
    assert.deepStrictEqual(yield* sagas.claimsOf([keyOf(saga)]), [
      { fingerprint: saga.fingerprint, answer }
    ])
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.state, "done")
  }),

  "stores no answer for an order that was refused": Effect.gen(function* () {
    const [sagas, orders] = [yield* Sagas, yield* Orders]
    const first = yield* opened
    const ref = { externalRef: `ref-${first.sagaId}` }
    yield* orders.create([creation(first, ref)])
    const second = { ...(yield* checkout), account: first.account }
    yield* sagas.open([second])
    const [refused] = yield* orders.create([creation(second, ref)])
    assert.strictEqual(tagOf(refused), "ExternalRefTaken")
    const [claim] = yield* sagas.claimsOf([keyOf(second)])
    assert.strictEqual(claim?.answer, null)
  })
}
