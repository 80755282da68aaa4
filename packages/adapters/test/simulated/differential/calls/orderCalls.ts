import fc from "fast-check"
import type { PortCall } from "../Action.ts"
import { refundSagas, sagaRead, sagaWrite } from "./sagaCalls.ts"
import { anOrder, at, batchOf, call, done, epoch, uuidOf } from "./world.ts"

const anAccount = fc.constantFrom("ann", "ann", "bob")
const answer = fc.constantFrom(null, { status: 201, body: "{}" }, { status: 409, body: "no" })

const line = (orderId: string, lineNo: number) => ({
  orderId,
  lineNo,
  sku: "A",
  name: 'Lamp, "red"',
  kind: "stocked",
  quantity: 1,
  unitPrice: 500n,
  subtotal: 500n,
  discount: 0n,
  tax: 0n,
  taxIncluded: 0n,
  total: 500n
})

const orderOf = (orderId: string, account: string, externalRef: string | null) => ({
  orderId,
  account,
  externalRef,
  currency: "EUR",
  lines: [line(orderId, 1), line(orderId, 2)],
  itemsTotal: 1000n,
  discountTotal: 0n,
  taxTotal: 0n,
  shippingTotal: 200n,
  includedTaxTotal: 0n,
  total: 1200n,
  quote: "{}",
  shipTo: null,
  occurredAt: at
})

const creation = fc
  .tuple(anOrder, anAccount, fc.constantFrom(null, null, "r1", "r2"), epoch)
  .map(([orderId, account, externalRef, own]) => ({
    order: orderOf(orderId, account, externalRef),
    epoch: own,
    at,
    answer: { status: 201, body: "made" }
  }))

const shipment = fc.constantFrom(
  undefined,
  { to: "requested", shipmentId: uuidOf(51) },
  { to: "requested", shipmentId: uuidOf(52) },
  { to: "shipped", carrier: "post", tracking: null },
  { to: "delivered" }
)

const moving = anOrder.chain((orderId) =>
  fc.record(
    {
      orderId: fc.constant(orderId),
      sagaId: fc.constantFrom(orderId, orderId, ...refundSagas),
      epoch,
      event: fc.constantFrom(
        "Capture",
        "Capture",
        "Cancel",
        "Ship",
        "Deliver",
        "Refund",
        "PartialRefund"
      ),
      at: fc.constant(at + 7),
      refundedTotal: fc.constantFrom(100n, 300n, 1200n, 5000n),
      shipment,
      close: fc.record({ answer })
    },
    { requiredKeys: ["orderId", "sagaId", "epoch", "event", "at"] }
  )
)

/** The end of a checkout, as its saga asks for it. */
const completion = fc.tuple(anOrder, epoch).map(([orderId, own]) => ({
  orderId,
  sagaId: orderId,
  epoch: own,
  event: "Capture",
  at: at + 7,
  shipment: { to: "requested", shipmentId: uuidOf(53) },
  close: { answer: null }
}))

const orderReads = fc.oneof(
  call("orders", "find", anOrder),
  call("orders", "byExternalRefs", fc.constant(["r1", "r2", "none"])),
  call("orders", "history", anOrder, fc.constantFrom(0, 1)),
  call("orders", "shipments", anOrder),
  call(
    "orders",
    "list",
    fc.record(
      {
        limit: fc.constantFrom(1, 3),
        account: anAccount,
        externalRef: fc.constant("r1"),
        state: fc.constantFrom("paid", "pending_payment"),
        before: anOrder
      },
      { requiredKeys: ["limit"] }
    )
  )
)

export const orderCall: fc.Arbitrary<PortCall> = fc.oneof(
  { weight: 10, arbitrary: sagaWrite },
  {
    weight: 5,
    arbitrary: call(
      "orders",
      "create",
      batchOf(creation, (it) => it.order.orderId)
    )
  },
  { weight: 8, arbitrary: call("orders", "move", batchOf(moving)) },
  {
    weight: 5,
    arbitrary: call(
      "orders",
      "move",
      batchOf(completion, (it) => it.orderId)
    )
  },
  { weight: 1, arbitrary: sagaRead },
  { weight: 1, arbitrary: orderReads }
)

const opened = (orderId: string, own: string | null) => ({
  sagaId: orderId,
  kind: "checkout",
  orderId,
  account: "ann",
  key: own,
  fingerprint: "f1",
  payload: "{}",
  worker: "w1",
  at,
  deadlineAt: at
})

const made = (orderId: string, externalRef: string | null) => ({
  order: orderOf(orderId, "ann", externalRef),
  epoch: 1,
  at,
  answer: { status: 201, body: "made" }
})

const moved = (orderId: string, event: string, to?: object) => ({
  orderId,
  sagaId: orderId,
  epoch: 1,
  event,
  at,
  ...(to === undefined ? {} : { shipment: to })
})

export const orderOpening: ReadonlyArray<PortCall> = [
  done("sagas", "lease", "w1", 600_000),
  done("sagas", "open", [opened(uuidOf(1), "k1"), opened(uuidOf(2), null)]),
  done("sagas", "open", [{ ...opened(uuidOf(11), null), kind: "refund", orderId: uuidOf(1) }]),
  done("orders", "create", [made(uuidOf(1), null), made(uuidOf(2), "r1")]),
  done("orders", "move", [
    moved(uuidOf(1), "Capture", { to: "requested", shipmentId: uuidOf(51) })
  ]),
  done("orders", "move", [
    moved(uuidOf(1), "Ship", { to: "shipped", carrier: null, tracking: "t" })
  ]),
  done("sagas", "handOver", "w1")
]
