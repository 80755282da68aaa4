import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import type { Uuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { freshOrder } from "../fresh.ts"
import { tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { checkout, creation, endOf, liveWorker, moveOf, opened, placed } from "./fixtures.ts"

/** More than any store has open: claims find what other tests left behind as well. */
const many = 10_000

/** Claims for a live worker and answers with those of `own` that it got. */
const claim = Effect.fnUntraced(function* (own: ReadonlyArray<Uuid>, limit = many) {
  const sagas = yield* Sagas
  const worker = yield* liveWorker
  const now = yield* Clock.currentTimeMillis
  const claimed = yield* sagas.claim(worker, now, limit)
  return { worker, mine: claimed.filter(({ sagaId }) => own.includes(sagaId)), all: claimed }
})

/** The lease ends at once by the store's clock, which is waited for. */
const letDie = Effect.fnUntraced(function* (worker: string) {
  const sagas = yield* Sagas
  yield* sagas.lease(worker, 1)
  yield* Effect.sleep("30 millis")
})

export const owning: Promises<Sagas> = {
  "leaves a live worker's sagas alone": Effect.gen(function* () {
    const saga = yield* opened
    const { mine } = yield* claim([saga.sagaId])
    assert.deepStrictEqual(mine, [])
  }),

  "hands a dead worker's saga to the next, with a higher epoch": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* letDie(saga.worker)
    const { mine, worker } = yield* claim([saga.sagaId])
    assert.deepStrictEqual(
      mine.map(({ epoch, owner, payload }) => ({ epoch, owner, payload })),
      [{ epoch: 2, owner: worker, payload: saga.payload }]
    )
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.epoch, 2)
    assert.deepStrictEqual((yield* claim([saga.sagaId])).mine, [])
  }),

  "takes up a worker's own sagas that it does not run, in order": Effect.gen(function* () {
    const sagas = yield* Sagas
    const worker = yield* liveWorker
    const [one, two, busy, other] = yield* Effect.all([checkout, checkout, checkout, checkout])
    const strays = one.sagaId < two.sagaId ? [one, two] : [two, one]
    yield* sagas.open([...strays.toReversed(), busy].map((request) => ({ ...request, worker })))
    yield* sagas.open([{ ...other, worker: yield* liveWorker }])
    const before = (at: number) => sagas.reclaim(worker, [busy.sagaId], at)
    assert.deepStrictEqual(yield* before(one.at - 1), [])
    const taken = yield* before(two.at)
    assert.deepStrictEqual(
      taken.map(({ epoch, owner, sagaId }) => ({ epoch, owner, sagaId })),
      strays.map(({ sagaId }) => ({ epoch: 2, owner: worker, sagaId }))
    )
    assert.strictEqual((yield* sagas.find(busy.sagaId))?.epoch, 1)
    assert.strictEqual((yield* sagas.find(other.sagaId))?.epoch, 1)
  }),

  "keeps a lease alive that is renewed": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* sagas.lease(saga.worker, 1)
    yield* sagas.lease(saga.worker, 60_000)
    yield* Effect.sleep("30 millis")
    assert.deepStrictEqual((yield* claim([saga.sagaId])).mine, [])
  }),

  "gives each saga to one of the workers that claim at once": Effect.gen(function* () {
    const sagas = yield* Sagas
    const owner = yield* liveWorker
    const workers = yield* Effect.forEach(Array.from({ length: 8 }), () => liveWorker)
    for (let round = 0; round < 10; round++) {
      const requests = yield* Effect.forEach(Array.from({ length: 12 }), () => checkout)
      yield* sagas.open(requests.map((request) => ({ ...request, worker: owner })))
      yield* sagas.handOver(owner)
      yield* sagas.lease(owner, 60_000)
      const now = yield* Clock.currentTimeMillis
      // Rows that another claim holds may be skipped; the last one finds what is left.
      const claims = [
        ...(yield* Effect.forEach(workers, (worker) => sagas.claim(worker, now, many), {
          concurrency: "unbounded"
        })),
        yield* sagas.claim(owner, now, many)
      ]
      const own = requests.map(({ sagaId }) => sagaId).sort()
      const taken = claims.flat().filter(({ sagaId }) => own.includes(sagaId))
      assert.deepStrictEqual(taken.map(({ sagaId }) => sagaId).sort(), own)
      assert.deepStrictEqual([...new Set(taken.map(({ epoch }) => epoch))], [2])
    }
  }),

  "takes no more than it was asked to": Effect.gen(function* () {
    const sagas = yield* Sagas
    const requests = [yield* checkout, yield* checkout, yield* checkout]
    yield* sagas.open(requests)
    yield* Effect.forEach(requests, ({ worker }) => sagas.handOver(worker))
    const { all } = yield* claim([], 2)
    assert.strictEqual(all.length, 2)
  }),

  "takes over what was handed over, though its worker had a lease": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* sagas.handOver(saga.worker)
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.owner, null)
    const { mine, worker } = yield* claim([saga.sagaId])
    assert.deepStrictEqual(
      mine.map(({ epoch, owner }) => [epoch, owner]),
      [[2, worker]]
    )
  }),

  "takes over nothing that is closed": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* sagas.close([endOf(saga, 1)])
    yield* sagas.handOver(saga.worker)
    assert.deepStrictEqual((yield* claim([saga.sagaId])).mine, [])
  })
}

export const parking: Promises<Sagas> = {
  "puts a saga down until its time has come": Effect.gen(function* () {
    const sagas = yield* Sagas
    const [early, late] = [yield* opened, yield* opened]
    const now = yield* Clock.currentTimeMillis
    yield* sagas.park(early.sagaId, 1, "no route to the bank", now - 1)
    yield* sagas.park(late.sagaId, 1, "no route to the bank", now + 3_600_000)
    const found = yield* sagas.find(late.sagaId)
    assert.deepStrictEqual(
      [found?.owner, found?.attempts, found?.lastError, found?.runAfter, found?.state],
      [null, 1, "no route to the bank", now + 3_600_000, "open"]
    )
    const { mine } = yield* claim([early.sagaId, late.sagaId])
    assert.deepStrictEqual(
      mine.map(({ sagaId }) => sagaId),
      [early.sagaId]
    )
  }),

  "counts how often a saga was put down, until somebody asks for a retry": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    const later = saga.at + 3_600_000
    yield* sagas.park(saga.sagaId, 1, "first", later)
    yield* sagas.park(saga.sagaId, 1, "second", later)
    const parked = yield* sagas.find(saga.sagaId)
    assert.deepStrictEqual([parked?.attempts, parked?.lastError], [2, "second"])
    assert.isTrue(yield* sagas.retry(saga.sagaId))
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.attempts, 0)
    assert.deepStrictEqual(
      (yield* claim([saga.sagaId])).mine.map(({ epoch }) => epoch),
      [2]
    )
  }),

  "lets no earlier owner park a saga": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* letDie(saga.worker)
    const { worker } = yield* claim([saga.sagaId])
    yield* sagas.park(saga.sagaId, 1, "from the dead", 0)
    const found = yield* sagas.find(saga.sagaId)
    assert.deepStrictEqual([found?.owner, found?.attempts, found?.lastError], [worker, 0, null])
  }),

  "retries nothing that is closed or unknown": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* sagas.close([endOf(saga, 1)])
    assert.isFalse(yield* sagas.retry(saga.sagaId))
    assert.isFalse(yield* sagas.retry(yield* freshOrder))
  })
}

export const closingSagas: Promises<Sagas> = {
  "closes a saga once, and the first end stays": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    const end = endOf(saga, 1, "failed")
    assert.deepStrictEqual(tally(yield* sagas.close([end, end])), { Closed: 2 })
    assert.deepStrictEqual(tally(yield* sagas.close([end])), { Closed: 1 })
    const other = { ...end, at: end.at + 1, as: "done" as const, error: null }
    assert.deepStrictEqual(tally(yield* sagas.close([other])), { Closed: 1 })
    const found = yield* sagas.find(saga.sagaId)
    assert.deepStrictEqual(
      [found?.state, found?.closedAt, found?.lastError],
      ["failed", end.at, "declined"]
    )
  }),

  "lets no earlier owner close a saga": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* opened
    yield* letDie(saga.worker)
    yield* claim([saga.sagaId])
    assert.deepStrictEqual(yield* sagas.close([endOf(saga, 1)]), [{ _tag: "Superseded" }])
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.state, "open")
    assert.deepStrictEqual(yield* sagas.close([endOf(saga, 2)]), [{ _tag: "Closed" }])
  }),

  "lists sagas by order, state and deadline": Effect.gen(function* () {
    const sagas = yield* Sagas
    const [open, done] = [yield* opened, yield* opened]
    yield* sagas.close([endOf(done, 1)])
    const ids = Effect.fnUntraced(function* (query: Partial<Parameters<typeof sagas.list>[0]>) {
      const found = yield* sagas.list({ limit: 10, ...query })
      return found.map(({ sagaId }) => sagaId)
    })
    const { deadlineAt, orderId } = open
    assert.deepStrictEqual(yield* ids({ orderId }), [open.sagaId])
    assert.deepStrictEqual(yield* ids({ orderId, state: "done" }), [])
    assert.deepStrictEqual(yield* ids({ orderId: done.orderId, state: "done" }), [done.sagaId])
    assert.deepStrictEqual(yield* ids({ orderId, stuckAt: deadlineAt - 1 }), [])
    assert.deepStrictEqual(yield* ids({ orderId, stuckAt: deadlineAt + 1 }), [open.sagaId])
    const late = { orderId: done.orderId, stuckAt: deadlineAt + 3_600_000 }
    assert.deepStrictEqual(yield* ids(late), [])
    assert.strictEqual((yield* sagas.list({ limit: 1 })).length, 1)
  })
}

export const fencingOrders: Promises<Sagas | Orders> = {
  "lets no earlier owner make or move an order": Effect.gen(function* () {
    const [sagas, orders] = [yield* Sagas, yield* Orders]
    const [early, late] = [yield* opened, yield* placed]
    yield* Effect.forEach([early, late], ({ worker }) => sagas.handOver(worker))
    yield* claim([])
    assert.deepStrictEqual(yield* orders.create([creation(early)]), [{ _tag: "Superseded" }])
    assert.strictEqual(yield* orders.find(early.orderId), undefined)
    const move = moveOf(late.orderId, late.sagaId, "Capture", { close: { answer: null } })
    assert.deepStrictEqual(yield* orders.move([move]), [{ _tag: "Superseded" }])
    assert.strictEqual((yield* orders.find(late.orderId))?.state, "pending_payment")
    assert.strictEqual((yield* orders.history(late.orderId, 0)).length, 1)
    assert.strictEqual((yield* sagas.find(late.sagaId))?.state, "open")
    const [owner] = yield* orders.move([{ ...move, epoch: 2 }])
    assert.strictEqual(owner?._tag, "Moved")
  })
}
