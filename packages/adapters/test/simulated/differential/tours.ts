/** Histories that are the same in every run, so that everything occurs in each. */
import * as inventory from "@doorbuster/adapters/postgres/inventory/statements"
import { looseEntries } from "@doorbuster/adapters/postgres/money/journalStatements"
import type { Action, PortCall } from "./Action.ts"
import { inventoryOpening, receipt } from "./calls/inventoryCalls.ts"
import { moneyOpening } from "./calls/moneyCalls.ts"
import { orderOpening } from "./calls/orderCalls.ts"
import { at, done, uuidOf } from "./calls/world.ts"
import type { History } from "./History.ts"
import { type Situation, statementsOf } from "./situations.ts"

const port = (call: PortCall): Action => ({ _tag: "Port", call })

const [one, two] = [uuidOf(1), uuidOf(2)]

const returned = { returnId: uuidOf(21), orderId: one, lines: [{ key: "A", quantity: 1 }] }
const unknown = { orderId: uuidOf(3), epoch: 2, expiresAt: at, lines: [{ key: "C", quantity: 1 }] }

const ofInventory: ReadonlyArray<PortCall> = [
  done("inventory", "giveBack", [returned]),
  done("inventory", "reserve", [unknown]),
  done("inventory", "rebalance", "A"),
  done("inventory", "strategies", ["A", "C"]),
  done("inventory", "levels", ["A", "B", "C"]),
  done("inventory", "reservations", one, ["A", "B"])
]

const closing = { sagaId: two, epoch: 1, at, as: "done", error: null, answer: null }
const again = {
  sagaId: uuidOf(4),
  kind: "checkout",
  orderId: uuidOf(4),
  account: "ann",
  key: "k1",
  fingerprint: "f1",
  payload: "{}",
  worker: "w1",
  at,
  deadlineAt: at
}

const ofOrders: ReadonlyArray<PortCall> = [
  done("sagas", "open", [again]),
  done("sagas", "claimsOf", [
    { account: "ann", key: "k9" },
    { account: "ann", key: "k1" }
  ]),
  done("sagas", "requestCancel", two, null),
  done("sagas", "cancelRequested", [one, two]),
  done("sagas", "claim", "w2", at, 1),
  done("sagas", "reclaim", "w2", [], at),
  done("sagas", "park", one, 2, "down", at),
  done("sagas", "retry", one),
  done("sagas", "close", [closing]),
  done("sagas", "find", two),
  done("sagas", "list", { limit: 3 }),
  done("orders", "find", one),
  done("orders", "list", { limit: 3, account: "ann" }),
  done("orders", "byExternalRefs", ["r1", "r2"]),
  done("orders", "history", one, 0),
  done("orders", "shipments", one)
]

const entry = {
  entryId: "e1",
  kind: "bad_debt",
  currency: "EUR",
  orderId: null,
  paymentId: null,
  memo: "",
  occurredAt: at,
  postings: [
    { account: "expenses:bad_debt", amount: 5n },
    { account: "assets:provider:bank", amount: -5n }
  ]
}
const capture = {
  paymentId: uuidOf(0xa1),
  captureId: "c0",
  amount: 1200n,
  currency: "EUR",
  provider: "bank",
  occurredAt: at
}
const absent = {
  paymentId: uuidOf(0xa4),
  orderId: uuidOf(4),
  provider: "bank",
  currency: "EUR",
  amount: 100n,
  breakdown: { sales: 100n, discounts: 0n, shipping: 0n, tax: 0n },
  epoch: 1,
  at
}

const ofMoney: ReadonlyArray<PortCall> = [
  done("payments", "recordCapture", [capture]),
  done("payments", "cancel", [absent]),
  done("payments", "recordRefund", [{ refundId: uuidOf(0xb1), occurredAt: at }]),
  done("payments", "recognise", [{ shipmentId: uuidOf(51), orderId: one, occurredAt: at }]),
  done("payments", "post", [entry]),
  done("payments", "post", [entry]),
  done("payments", "find", uuidOf(0xa1)),
  done("payments", "ofOrder", one),
  done("payments", "trialBalance")
]

const tour = (opening: ReadonlyArray<PortCall>, calls: ReadonlyArray<PortCall>): History => ({
  before: [...opening, ...calls].map(port),
  programs: [],
  schedule: [0]
})

const audit: History = {
  before: [
    port(done("payments", "post", [entry])),
    { _tag: "Blind", batches: [{ flights: [[[looseEntries, ["", 10]]]], end: "one" }] }
  ],
  programs: [],
  schedule: [0]
}

/** Locks keys, one flight after the other. */
const locking = (...flights: ReadonlyArray<ReadonlyArray<string>>): Action => ({
  _tag: "Blind",
  batches: [{ flights: flights.map((keys) => [[inventory.lock, [keys]]]), end: "commit" }]
})

const crosswise: History = {
  before: inventoryOpening.slice(0, 1).map(port),
  programs: [[locking(["A"], ["B"])], [locking(["B"], ["A"])]],
  schedule: [0, 1]
}

/** The third closes the circle and gives in; that lets the second go on to close the next one. */
const circleAfterCircle: History = {
  before: [...inventoryOpening.slice(0, 1), done("inventory", "move", [receipt(3, "C", 2)])].map(
    port
  ),
  programs: [[locking(["B"], ["C"])], [locking(["C"], ["A", "B"])], [locking(["A"], ["B"])]],
  schedule: [0, 1, 2, 0, 0, 0]
}

const told: Situation = {
  strategy: "atomic",
  version: 0,
  orderState: "paid",
  lastSeq: 5,
  key: "k1",
  paymentState: "created",
  isRefundKnown: false
}

const hopeful = done("inventory", "reserve", [{ ...unknown, lines: returned.lines }])
const asItWas: Situation = { ...told, strategy: "optimistic", version: 9 }

/** The stock is not what it was when it was looked at. */
const outdated: History = {
  before: inventoryOpening.slice(0, 1).map(port),
  programs: [[{ _tag: "Blind", batches: statementsOf(hopeful, asItWas) }]],
  schedule: [0]
}

/** The statements of a call, whose transaction stays open for a turn of its own. */
const slowly = (call: PortCall, isKept: (statement: string) => boolean = () => true): Action => ({
  _tag: "Blind",
  batches: statementsOf(call, told).map(({ flights }) => ({
    flights: [flights.flat().filter(([{ name }]) => isKept(name))],
    end: "commit"
  }))
})

/** The second comes while the first has its rows, and goes on when that is over. */
const meeting = (before: ReadonlyArray<PortCall>, first: Action, second: Action): History => ({
  before: before.map(port),
  programs: [[first], [second]],
  schedule: [0, 1]
})

const isLock = (name: string): boolean => /[._]lock$/.test(name)
const isWrite = (name: string): boolean => !isLock(name)
const opened = orderOpening.slice(1, 2)
const placed = [...opened, ...orderOpening.slice(3, 4)]
const paid = moneyOpening.slice(0, 1)
const payment = { paymentId: uuidOf(0xa1), orderId: one, epoch: 1, at }
const canceling = done("payments", "cancel", [{ ...absent, ...payment }])
const capturing = done("payments", "recordCapture", [capture])
const moving = done("orders", "move", [
  { orderId: one, sagaId: one, epoch: 1, event: "PartialRefund", refundedTotal: 5000n, at }
])

const meetings: ReadonlyArray<History> = [
  // Found by a condition that no longer holds when the row is free.
  meeting(
    opened,
    slowly(done("sagas", "close", [{ ...closing, sagaId: one }])),
    port(done("sagas", "requestCancel", one, null))
  ),
  meeting(paid, slowly(canceling), port(done("payments", "send", [payment]))),
  // A twin is waited for, and is in the way when it stands.
  meeting(paid, slowly(capturing), slowly(capturing, isWrite)),
  // What a constraint refuses is refused before anybody is waited for,
  meeting(
    inventoryOpening.slice(0, 1),
    locking(["A"], ["B"]),
    slowly(done("inventory", "giveBack", [returned]), isWrite)
  ),
  // but a trigger waits for the row before it judges.
  meeting(placed, slowly(moving, isLock), slowly(moving, isWrite))
]

const ofAnother = { ...capture, paymentId: uuidOf(0xa2), captureId: "c1" }

/** A row that waits for a value of its own to be free is waited for by who would make it. */
const twinOfOneThatWaits: History = {
  before: paid.map(port),
  programs: [
    [slowly(done("payments", "recordCapture", [ofAnother]))],
    [slowly(capturing)],
    [port(done("payments", "create", [{ ...absent, ...payment }]))]
  ],
  schedule: [0, 1, 1, 0]
}

export const tours: ReadonlyArray<History> = [
  tour(inventoryOpening, ofInventory),
  tour(orderOpening, ofOrders),
  tour(moneyOpening, ofMoney),
  audit,
  crosswise,
  circleAfterCircle,
  outdated,
  twinOfOneThatWaits,
  ...meetings
]
