import type { Entry } from "@doorbuster/core/ledger/Entry"
import type { Shipment } from "@doorbuster/core/order/Order"
import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import type { Story } from "./Story.ts"

/** In this order where two things have the same time: causes come first, the saga's end last. */
const sources = ["saga", "stock", "order", "payment", "refund", "ledger", "shipment"] as const
export type Source = (typeof sources)[number]

export interface Moment {
  /** Epoch milliseconds at which the store wrote it down. */
  readonly at: number
  /** The end of what belongs together. */
  readonly isEnd: boolean
  /** The time is that of the step which did it; the thing itself keeps none. */
  readonly borrowed: boolean
  readonly source: Source
  readonly event: string
  /** Minor units of the order's currency. */
  readonly amount: bigint | null
  readonly detail: string
  /** For ledger entries: debits are positive. */
  readonly postings: Entry["postings"]
}

const moment = (at: number, source: Source, event: string, rest: Partial<Moment> = {}): Moment => ({
  at,
  source,
  event,
  isEnd: false,
  borrowed: false,
  amount: null,
  detail: "",
  postings: [],
  ...rest
})

const ofSaga = (saga: SagaRecord): ReadonlyArray<Moment> => {
  const opened = moment(saga.openedAt, "saga", `${saga.kind} opened`, { detail: saga.sagaId })
  const reason = saga.lastError ?? ""
  if (saga.closedAt !== null) {
    const closed = `${saga.kind} ${saga.state}`
    return [opened, moment(saga.closedAt, "saga", closed, { detail: reason, isEnd: true })]
  }
  if (saga.attempts === 0) return [opened]
  const detail = `${saga.attempts} times; ${reason}`
  return [opened, moment(saga.runAfter, "saga", `${saga.kind} waits for a retry`, { detail })]
}

const ofShipment = (shipment: Shipment): ReadonlyArray<Moment> => {
  const by = [shipment.carrier, shipment.tracking].filter((part) => part !== null).join(" ")
  const steps: ReadonlyArray<readonly [number | null, string, string]> = [
    [shipment.requestedAt, "requested", ""],
    [shipment.shippedAt, "shipped", by],
    [shipment.deliveredAt, "delivered", ""]
  ]
  return steps.flatMap(([at, event, detail]) =>
    at === null ? [] : [moment(at, "shipment", event, { detail })]
  )
}

/** A reservation keeps no times: it was made by the checkout and ended with it. */
const ofReservations = ({ history, orderId, reservations, sagas }: Story) => {
  const checkout = sagas.find((saga) => saga.sagaId === (orderId as string))
  const madeAt = checkout?.openedAt ?? history[0]?.at
  if (madeAt === undefined) return []
  const paidAt = history.find(({ event }) => event === "Capture")?.at
  const endedAt = paidAt ?? checkout?.closedAt ?? madeAt
  return reservations.flatMap(({ key, quantity, returned, state }) => {
    const made = moment(madeAt, "stock", "held", { borrowed: true, detail: `${quantity} x ${key}` })
    if (state === "held") return [made]
    const back = returned > 0 ? `, ${returned} given back since` : ""
    const detail = `${quantity} x ${key}${back}`
    return [made, moment(endedAt, "stock", state, { borrowed: true, detail })]
  })
}

const ofPayments = ({ money, times }: Story): ReadonlyArray<Moment> =>
  money.payments.flatMap(({ amount, captured, paymentId, provider, state }) => {
    const time = times.payments.get(paymentId)
    if (time === undefined) return []
    const detail = `${provider} ${paymentId}`
    const created = moment(time.created, "payment", "created", { amount, detail })
    if (state === "created") return [created]
    const capture = money.entries.find((e) => e.kind === "capture" && e.paymentId === paymentId)
    const bookedAt = capture && times.entries.get(capture.entryId)
    const taken = state === "captured" ? captured : null
    return [created, moment(bookedAt ?? time.updated, "payment", state, { amount: taken, detail })]
  })

const ofRefunds = ({ money, times }: Story): ReadonlyArray<Moment> =>
  money.refunds.flatMap(({ amount, refundId, source }) => {
    const time = times.refunds.get(refundId)
    if (time === undefined) return []
    const detail = source === "unapplied" ? `${refundId}, money of no order` : refundId
    const intended = moment(time.intended, "refund", "intended", { amount, detail })
    if (time.done === null) return [intended]
    const entry = money.entries.find(({ entryId }) => entryId.endsWith(refundId))
    const bookedAt = entry && times.entries.get(entry.entryId)
    return [intended, moment(bookedAt ?? time.done, "refund", "refunded", { amount, detail })]
  })

const ofEntries = ({ money, times }: Story): ReadonlyArray<Moment> =>
  money.entries.map(({ entryId, kind, memo, occurredAt, postings }) =>
    moment(times.entries.get(entryId) ?? occurredAt, "ledger", kind, { detail: memo, postings })
  )

/** One line of time over order, saga, stock, payments, refunds, shipments and ledger. */
export const timeLine = (story: Story): ReadonlyArray<Moment> => {
  const moments = [
    ...story.sagas.flatMap(ofSaga),
    ...ofReservations(story),
    ...story.history.map(({ at, event, from, to }) =>
      moment(at, "order", event, { detail: from === null ? to : `${from} -> ${to}` })
    ),
    ...ofPayments(story),
    ...ofRefunds(story),
    ...ofEntries(story),
    ...story.shipments.flatMap(ofShipment)
  ]
  const rank = ({ isEnd, source }: Moment) => (isEnd ? sources.length : sources.indexOf(source))
  return moments.sort((a, b) => a.at - b.at || rank(a) - rank(b))
}
