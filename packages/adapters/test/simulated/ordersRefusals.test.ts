/**
 * Goal: the simulated orders refuse what the schema's checks and triggers and Postgres's own types
 * refuse, with the same SQLSTATE. Method: one statement or row for each of them.
 */
import type { LineRow, ShipmentRow } from "@doorbuster/adapters/simulated/orders/rows"
import { assert, describe, test } from "vitest"
import * as call from "./ordersCalls.ts"
import { ordersServer } from "./ordersServer.ts"
import { SimulatedSession } from "./SimulatedSession.ts"

type Call = ReturnType<typeof call.open>

/** The call with one of its parameters replaced. */
const altered = ([statement, parameters = []]: Call, at: number, value: unknown): Call => [
  statement,
  parameters.with(at - 1, value)
]

/** What a store says that has the open checkouts 1 and 2, and of these an order of the first. */
const answerTo = ([statement, parameters = []]: Call): string => {
  const session = new SimulatedSession(ordersServer().server)
  for (const [before, values = []] of [
    call.open({ n: 1, key: "k" }, { n: 2 }),
    call.create(1, "ref")
  ]) {
    session.run(before, values)
  }
  session.commit()
  return `${session.run(statement, parameters).outcome}`
}

const paid = { n: 1, event: "Capture", from: "pending_payment", to: "paid" }

const refusals: ReadonlyArray<readonly [string, Call, RegExp]> = [
  ["a currency that is no code", call.create(2, null, "eur"), /^23514: .*currency_is_a_code/],
  ["the epoch 0", altered(call.create(2, null), 5, "{0}"), /^23514: .*epoch_counts_from_one/],
  [
    "a negative amount",
    altered(call.create(2, null), 7, "{-1}"),
    /^23514: .*amounts_are_not_negative/
  ],
  [
    "a total that is not the sum",
    altered(call.create(2, null), 11, "{6}"),
    /^23514: .*total_is_the_sum_of_its_parts/
  ],
  ["a second order with the same id", call.create(1, null), /^23505: /],
  ["a second order with the same reference", call.create(2, "ref"), /^23505: /],
  [
    "an event that does not lead where it says",
    call.move({ n: 1, event: "Ship", from: "pending_payment", to: "shipped" }),
    /^23514: .*Ship does not lead from pending_payment to shipped/
  ],
  [
    "an event that no state knows",
    call.move({ n: 1, event: "Vanish", from: "paid", to: "paid" }),
    /^23514: .*Vanish does not lead from paid to paid/
  ],
  [
    "a step that the order is not at",
    call.move({ n: 1, event: "Ship", from: "paid", to: "shipped" }),
    /^23514: .*cannot go from pending_payment to shipped/
  ],
  ["a refund beyond the total", call.move({ ...paid, refunded: 6 }), /^23514: .*refunds_within/],
  ["history before its beginning", call.move({ ...paid, seq: 0 }), /^23514: .*seq_counts/],
  ["a second beginning", call.move({ ...paid, seq: 1 }), /^23514: .*only_the_first/],
  [
    "a saga without a payload",
    altered(call.open({ n: 3 }), 7, "{NULL}"),
    /^23514: .*open_sagas_have_their_payload/
  ],
  [
    "an answer without a body",
    altered(call.close(1, "k", [201, ""]), 10, "{NULL}"),
    /^23514: .*an_answer_has_status_and_body/
  ],
  [
    "an end that is no end",
    altered(call.close(1, "k", null), 4, '{"open"}'),
    /^23514: .*closed_sagas_have_their_time/
  ],
  [
    "an end that nobody knows",
    altered(call.close(1, "k", null), 4, '{"lost"}'),
    /^23514: .*state_is_known/
  ],
  ["an id that is none", altered(call.order(1), 1, "order-1"), /^22P02: /],
  ["a time that is none", altered(call.claim("worker", 1), 2, "noon"), /^22007: /],
  [
    "a time that is in no calendar of four digits",
    altered(call.claim("worker", 1), 2, "+010000-01-01T00:00:00.000Z"),
    /^22/
  ],
  ["a lease without an end", call.lease("worker", Number.POSITIVE_INFINITY), /^22008: /],
  ["a negative limit", call.lockFree(-1), /^2201W: /]
]

const line: LineRow = {
  orderId: call.id(1),
  lineNo: 1,
  sku: "LAMP",
  name: "Lamp",
  kind: "stocked",
  quantity: 1,
  unitPrice: 5n,
  subtotal: 5n,
  discount: 1n,
  tax: 1n,
  taxIncluded: 0n,
  total: 5n
}

const shipment: ShipmentRow = {
  orderId: call.id(1),
  shipmentId: call.id(2),
  state: "shipped",
  carrier: null,
  tracking: null,
  requestedAt: 1,
  shippedAt: 2,
  deliveredAt: null
}

describe("the simulated orders refuse", () => {
  test.each(refusals)("%s", (_, statement, answer) => assert.match(answerTo(statement), answer))

  test.each<readonly [constraint: string, change: Partial<LineRow>]>([
    ["amounts_are_not_negative", { unitPrice: -5n }],
    ["kind_is_known", { kind: "idea" }],
    ["quantity_is_positive", { quantity: 0 }],
    ["total_is_the_sum_of_its_parts", { total: 6n }]
  ])("a line against %s", (constraint, change) => {
    const { check } = ordersServer().tables.lines.shape
    check?.(line, null)
    assert.throws(() => check?.({ ...line, ...change }, null), constraint)
  })

  test.each<Partial<ShipmentRow>>([
    { shippedAt: null },
    { deliveredAt: 3 },
    { state: "requested" },
    { state: "delivered" },
    { state: "lost" }
  ])("a shipment whose times do not fit its state: %j", (change) => {
    const { check } = ordersServer().tables.shipments.shape
    check?.(shipment, null)
    assert.throws(() => check?.({ ...shipment, ...change }, null), "state_has_its_times")
  })

  test("to change history", () => {
    const { check } = ordersServer().tables.events.shape
    const event = { orderId: call.id(1), seq: 1, event: "Place", fromState: null }
    const row = { ...event, toState: "pending_payment", sagaId: call.id(1), at: 1 }
    check?.(row, null)
    assert.throws(() => check?.(row, row), "append-only")
  })
})
