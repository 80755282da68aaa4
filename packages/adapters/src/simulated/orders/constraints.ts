/** What the schema's checks and triggers refuse, with the names that Postgres would tell. */
import { initial, next, type OrderEvent, transitions } from "@doorbuster/core/order/OrderState"
import { checkViolation, SqlError } from "../SqlError.ts"
import type { EventRow, KeyRow, LineRow, OrderRow, SagaRow, ShipmentRow } from "./rows.ts"

type Rules<R> = ReadonlyArray<readonly [constraint: string, holds: (row: R) => boolean]>

const holding = <R>(table: string, rules: Rules<R>) => {
  const holdsAll = (row: R): void => {
    for (const [constraint, holds] of rules) {
      if (!holds(row)) throw checkViolation(table, constraint)
    }
  }
  return holdsAll
}

/** With the hint in place, as a statement of ours would see it in the error's detail. */
const illegal = (message: string) => new SqlError("23514", message)

const isKnownState = (state: string | null): state is keyof typeof transitions =>
  state !== null && Object.hasOwn(transitions, state)

const leadsTo = (from: string, to: string): boolean =>
  isKnownState(from) && Object.values(transitions[from]).includes(to as never)

export const orderCheck = holding<OrderRow>("orders", [
  [
    "amounts_are_not_negative",
    (row) =>
      row.itemsTotal >= 0n &&
      row.discountTotal >= 0n &&
      row.shippingTotal >= 0n &&
      row.taxTotal >= 0n &&
      row.includedTaxTotal >= 0n &&
      row.total >= 0n
  ],
  ["currency_is_a_code", (row) => /^[A-Z]{3}$/.test(row.currency)],
  ["epoch_counts_from_one", (row) => row.sagaEpoch >= 1],
  ["history_counts_from_one", (row) => row.lastSeq >= 1],
  ["refunds_within_the_total", (row) => row.refundedTotal >= 0n && row.refundedTotal <= row.total],
  [
    "total_is_the_sum_of_its_parts",
    (row) => row.total === row.itemsTotal - row.discountTotal + row.taxTotal + row.shippingTotal
  ]
])

/** The triggers `order_is_placed` and `order_moves_legally`, when the statement is over. */
export const judgeMove = (row: OrderRow, before: OrderRow | null): void => {
  const from = before?.state ?? null
  const isLegal =
    from === row.state || (from === null ? row.state === initial : leadsTo(from, row.state))
  if (!isLegal) {
    throw illegal(`order ${row.orderId} cannot go from ${from ?? "nothing"} to ${row.state}`)
  }
}

export const lineCheck = holding<LineRow>("order_lines", [
  [
    "amounts_are_not_negative",
    (row) =>
      row.unitPrice >= 0n &&
      row.subtotal >= 0n &&
      row.discount >= 0n &&
      row.tax >= 0n &&
      row.taxIncluded >= 0n
  ],
  ["kind_is_known", (row) => row.kind === "stocked" || row.kind === "service"],
  ["quantity_is_positive", (row) => row.quantity >= 1],
  ["total_is_the_sum_of_its_parts", (row) => row.total === row.subtotal - row.discount + row.tax]
])

const eventRules = holding<EventRow>("order_events", [
  ["only_the_first_comes_from_nothing", (row) => (row.seq === 1) === (row.fromState === null)],
  ["seq_counts_from_one", (row) => row.seq >= 1]
])

/** The trigger `append_only` comes before all else. */
export const eventCheck = (row: EventRow, before: EventRow | null): void => {
  if (before !== null) {
    const message = "orders.order_events is append-only: UPDATE is refused"
    throw new SqlError("23001", message)
  }
  eventRules(row)
}

/** The trigger `event_is_legal`, when the statement is over. */
export const judgeEvent = ({ event, fromState, orderId, toState }: EventRow): void => {
  const target = isKnownState(fromState)
    ? next(fromState, event as OrderEvent)
    : fromState === null && event === "Place"
      ? initial
      : undefined
  if (target === undefined || target !== toState) {
    const from = fromState ?? "nothing"
    throw illegal(`order ${orderId}: ${event} does not lead from ${from} to ${toState}`)
  }
}

export const shipmentCheck = holding<ShipmentRow>("shipments", [
  [
    "state_has_its_times",
    ({ deliveredAt, shippedAt, state }) =>
      (state === "requested" && shippedAt === null && deliveredAt === null) ||
      (state === "shipped" && shippedAt !== null && deliveredAt === null) ||
      (state === "delivered" && shippedAt !== null && deliveredAt !== null)
  ]
])

export const sagaCheck = holding<SagaRow>("sagas", [
  ["closed_sagas_have_no_owner", (row) => row.state === "open" || row.owner === null],
  ["closed_sagas_have_their_time", (row) => (row.state === "open") === (row.closedAt === null)],
  ["epoch_counts_from_one", (row) => row.epoch >= 1],
  ["open_sagas_have_their_payload", (row) => row.state !== "open" || row.payload !== null],
  ["state_is_known", ({ state }) => state === "open" || state === "done" || state === "failed"]
])

export const keyCheck = holding<KeyRow>("idempotency_keys", [
  ["an_answer_has_status_and_body", (row) => (row.status === null) === (row.body === null)]
])
