/** What a simulation can meet, what many runs have met of it, and what is missing by name. */
import { type OrderEvent, OrderState, transitions } from "@doorbuster/core/order/OrderState"
import {
  clockFaults,
  databaseFaults,
  type FaultKind,
  type processFaults,
  providerCallFaults,
  providerFaults,
  requestFaults,
  webhookFaults
} from "./FaultKind.ts"

export interface CoverageFigure {
  readonly covered: number
  readonly of: number
  readonly percent: number
  readonly missing: ReadonlyArray<string>
}

/** The shape of `coverage` in the report. */
export interface CoverageFigures {
  readonly state_event: CoverageFigure
  readonly error_tag: CoverageFigure
  readonly step_fault: CoverageFigure
}

/** What buyers and staff may ask of an order in any state. */
const asked = ["Ship", "Deliver", "Refund", "Cancel"] as const satisfies ReadonlyArray<OrderEvent>

/**
 * Every legal transition, and every request that a state refuses. `Place`, `Capture` and
 * `PartialRefund` are sent by sagas alone, and never to a state that refuses them; a second
 * `Cancel` of a canceled order is answered like the first.
 */
const transitionsPossible = (): ReadonlyArray<string> => {
  const legal = OrderState.literals.flatMap((state) =>
    Object.keys(transitions[state]).map((event) => `${state} × ${event}`)
  )
  const refused = OrderState.literals.flatMap((state) =>
    asked
      .filter((event) => !(event in transitions[state]))
      .filter((event) => !(state === "canceled" && event === "Cancel"))
      .map((event) => `${state} × ${event}`)
  )
  return ["nothing × Place", ...legal, ...refused]
}

/** Tags of what a checkout, a cancellation, a shipment or a refund may be told. */
const errorsPossible: ReadonlyArray<string> = [
  "AmountTooLarge",
  "CouponInvalid",
  "CouponUsedUp",
  "ExternalRefTaken",
  "IdempotencyInFlight",
  "IdempotencyKeyReused",
  "IllegalTransition",
  "NoPrice",
  "NotForSale",
  "PriceChanged",
  "PurchaseLimitReached",
  "RefundExceedsCaptured",
  "RestockExceedsSold",
  "ShippingUnavailable",
  "SoldOut",
  "StorageError bad_value",
  "StorageError retry",
  "StorageError unavailable",
  "UnknownOrder",
  "UnknownProduct"
]

/** The effects of the sagas' steps on the database, and the reads that decide them. */
const databaseSteps = [
  "sagas.open",
  "sagas.claimsOf",
  "inventory.reserve",
  "orders.create",
  "payments.create",
  "sagas.cancelRequested",
  "payments.send",
  "payments.recordCapture",
  "inventory.commit",
  "orders.move",
  "sagas.close",
  "payments.recordDecline",
  "payments.cancel",
  "inventory.release",
  "sagas.requestCancel",
  "sagas.retry",
  "sagas.park",
  "payments.intendRefund",
  "payments.recordRefund",
  "inventory.give_back",
  "payments.recognise",
  "payments.find",
  "payments.ofOrder",
  "orders.find",
  "orders.shipments",
  "inventory.reservations",
  "inventory.fence",
  "payments.fence",
  "worker"
] as const

const gateSteps = ["gate.enter", "gate.beat"]
const queueSteps = ["queue.join", "queue.find", "queue.take", "queue.settle", "queue.beat"]
const providerSteps = ["create", "capture", "cancel", "refund"].map((step) => `provider.${step}`)

const kinds = (group: object): ReadonlyArray<FaultKind> => Object.keys(group) as Array<FaultKind>
const cross = (steps: ReadonlyArray<string>, faults: ReadonlyArray<FaultKind>) =>
  steps.flatMap((step) => faults.map((fault) => `${step} × ${fault}`))

const wherever = ["crash", "pause"] as const satisfies ReadonlyArray<keyof typeof processFaults>

const faultsPossible = (): ReadonlyArray<string> => [
  ...cross(databaseSteps, [
    ...wherever,
    ...kinds(databaseFaults).filter((kind) => kind !== "db_lock_timeout")
  ]),
  "lock × db_lock_timeout",
  "worker × two_owners",
  ...cross(providerSteps, [...wherever, ...kinds(providerCallFaults)]),
  ...cross(
    ["provider.capture"],
    kinds(providerFaults).filter((kind) => kind !== "capture_after_cancel")
  ),
  "provider.cancel × capture_after_cancel",
  ...cross(gateSteps, [...wherever, "gate_unreachable", "gate_delay"]),
  ...cross(["gate"], ["gate_flushed", "gate_lost_writes", "gate_news_lost"]),
  ...cross(queueSteps, [...wherever, "queue_reply_lost", "queue_unreachable"]),
  "queue.take × queue_duplicate",
  "queue × queue_lost",
  ...cross(["webhook"], kinds(webhookFaults)),
  ...cross(["clock"], kinds(clockFaults)),
  ...cross(["checkout", "look", "cancel", "ship", "deliver", "refund"], kinds(requestFaults))
]

const figure = (possible: ReadonlyArray<string>, covered: ReadonlySet<string>): CoverageFigure => {
  const missing = possible.filter((entry) => !covered.has(entry))
  const met = possible.length - missing.length
  return {
    covered: met,
    of: possible.length,
    percent: Math.floor((met * 1000) / possible.length) / 10,
    missing
  }
}

export const coverageFigures = (covered: {
  readonly transitions: ReadonlySet<string>
  readonly errors: ReadonlySet<string>
  readonly faults: ReadonlySet<string>
}): CoverageFigures => ({
  state_event: figure(transitionsPossible(), covered.transitions),
  error_tag: figure(errorsPossible, covered.errors),
  step_fault: figure(faultsPossible(), covered.faults)
})
