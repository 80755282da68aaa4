import fc from "fast-check"
import type { PortCall } from "../Action.ts"
import { anOrder, at, batchOf, call, epoch, orderIds, uuidOf } from "./world.ts"

const worker = fc.constantFrom("w1", "w2")
const anAccount = fc.constantFrom("ann", "ann", "bob")
const key = fc.constantFrom("k1", "k2", null)
export const refundSagas = [11, 12].map(uuidOf)
const aSaga = fc.constantFrom(...orderIds, ...refundSagas)
const answer = fc.constantFrom(null, { status: 201, body: "{}" }, { status: 409, body: "no" })

const opening = (sagaId: string, orderId: string, kind: string) =>
  fc.record({
    sagaId: fc.constant(sagaId),
    kind: fc.constant(kind),
    orderId: fc.constant(orderId),
    account: anAccount,
    key,
    fingerprint: fc.constantFrom("f1", "f1", "f2"),
    payload: fc.constant("{}"),
    worker,
    at: fc.constant(at),
    deadlineAt: fc.constantFrom(at, at + 1000)
  })

const open = fc.oneof(
  { weight: 3, arbitrary: anOrder.chain((id) => opening(id, id, "checkout")) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...refundSagas), anOrder)
      .chain(([id, orderId]) => opening(id, orderId, "refund"))
  }
)

const closing = fc.record({
  sagaId: aSaga,
  epoch,
  at: fc.constant(at + 5),
  as: fc.constantFrom("done", "failed"),
  error: fc.constantFrom(null, "why"),
  answer
})

export const sagaWrite: fc.Arbitrary<PortCall> = fc.oneof(
  {
    weight: 6,
    arbitrary: call(
      "sagas",
      "open",
      batchOf(open, (it) => it.sagaId)
    )
  },
  {
    weight: 3,
    arbitrary: call(
      "sagas",
      "close",
      batchOf(closing, (it) => it.sagaId)
    )
  },
  { weight: 4, arbitrary: call("sagas", "requestCancel", anOrder, fc.constantFrom(null, "ann")) },
  {
    weight: 2,
    arbitrary: call(
      "sagas",
      "park",
      aSaga,
      epoch,
      fc.constant("down"),
      fc.constantFrom(at, at + 50)
    )
  },
  { weight: 2, arbitrary: call("sagas", "retry", aSaga) },
  {
    weight: 5,
    arbitrary: call(
      "sagas",
      "claim",
      worker,
      fc.constantFrom(at, at + 20),
      fc.constantFrom(1, 2, 9)
    )
  },
  { weight: 3, arbitrary: call("sagas", "lease", worker, fc.constantFrom(600_000, -1000)) },
  {
    weight: 3,
    arbitrary: call(
      "sagas",
      "reclaim",
      worker,
      fc.subarray([...orderIds]),
      fc.constantFrom(at, at + 20)
    )
  },
  { weight: 2, arbitrary: call("sagas", "handOver", worker) }
)

export const sagaRead: fc.Arbitrary<PortCall> = fc.oneof(
  call(
    "sagas",
    "claimsOf",
    fc.array(fc.record({ account: anAccount, key: fc.constantFrom("k1", "k2") }), { maxLength: 3 })
  ),
  call(
    "sagas",
    "cancelRequested",
    batchOf(aSaga, (it) => it)
  ),
  call("sagas", "find", aSaga),
  call(
    "sagas",
    "list",
    fc.record(
      {
        limit: fc.constantFrom(1, 3),
        state: fc.constantFrom("open", "done", "failed"),
        orderId: anOrder,
        stuckAt: fc.constant(at + 500)
      },
      { requiredKeys: ["limit"] }
    )
  )
)
