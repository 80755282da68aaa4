import type { AccountId } from "@doorbuster/core/order/OrderId"
import {
  type JoinOutcome,
  OrderQueue,
  type QueueEntry,
  type Settlement,
  type TicketState,
  type Wanting
} from "@doorbuster/core/queue/OrderQueue"
import { answerFromText, answerToText, type PlacedAnswer } from "@doorbuster/core/queue/QueueAnswer"
import {
  orderFromText,
  orderToText,
  type QueuedOrder,
  ticketOf,
  unitsWanted
} from "@doorbuster/core/queue/QueuedOrder"
import { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RedisClient } from "../RedisClient.ts"
import type { RedisUnavailable } from "../RedisUnavailable.ts"
import * as lua from "./lua.ts"

const answerTtlMs = 60 * 60_000
const deadLettersMax = 1_000
const burstSeconds = 0.2
/** A consumer that is gone and holds nothing is forgotten after this. */
const consumerTtlMs = 10 * 60_000
/** Longer than anybody's patience: whoever claims next has it. */
const longAgoMs = 24 * 60 * 60_000

const unavailable = ({ detail, operation }: RedisUnavailable) =>
  new StorageError({ operation, reason: "unavailable", detail })

interface WireOutcome {
  readonly tag: JoinOutcome["_tag"]
  readonly position: number
  readonly answer: string
}

const joinOutcome = ({ answer, position, tag }: WireOutcome, ticket: Uuid): JoinOutcome => {
  switch (tag) {
    case "Waiting":
      return { _tag: tag, ticket, position }
    case "Placed":
      return { _tag: tag, ticket, answer: answerFromText(answer) as PlacedAnswer }
    default:
      return { _tag: tag }
  }
}

interface WireState {
  readonly tag: TicketState["_tag"] | "Unknown"
  readonly account: AccountId
  readonly position: number
  readonly answer: string
}

const ticketState = ({ account, answer, position, tag }: WireState): TicketState | undefined => {
  switch (tag) {
    case "Waiting":
      return { _tag: tag, account, position }
    case "Answered":
      return { _tag: tag, account, answer: answerFromText(answer) }
    default:
      return undefined
  }
}

const unreadableText = answerToText({
  _tag: "Refused",
  error: new StorageError({
    operation: "order queue",
    reason: "bad_value",
    detail: "the order in line cannot be read; send it again with the same key"
  })
})

interface WireEntry extends Pick<QueueEntry, "deliveries" | "entry" | "ticket"> {
  readonly order: string
}

/** Another program, or somebody at a console, may have written what this one cannot read. */
const sorted = (text: unknown) => {
  const readable: Array<QueueEntry> = []
  const unreadable: Array<WireEntry> = []
  for (const wire of JSON.parse(String(text)) as ReadonlyArray<WireEntry>) {
    const order = orderOf(wire.order)
    if (order === undefined) unreadable.push(wire)
    else readable.push({ ...wire, order })
  }
  return { readable, unreadable }
}

const orderOf = (text: string): QueuedOrder | undefined => {
  try {
    return orderFromText(text)
  } catch {
    return undefined
  }
}

const burying = ({ entry, order, ticket }: WireEntry): string =>
  JSON.stringify({ ticket, entry, order, answer: unreadableText, placed: "0", dead: true })

const joining = (order: QueuedOrder, ticket: Uuid): string =>
  JSON.stringify({
    ticket,
    account: order.account,
    fingerprint: order.fingerprint,
    order: orderToText(order),
    wants: JSON.stringify(Object.fromEntries(unitsWanted(order)))
  })

const settling = ({ answer, dead, entry, order, ticket }: Settlement): string =>
  JSON.stringify({
    ticket,
    entry,
    account: order.account,
    fingerprint: order.fingerprint,
    answer: answerToText(answer),
    placed: answer._tag === "Placed" ? "1" : "0",
    dead,
    ...(dead && { order: orderToText(order) })
  })

export interface Options {
  /** Its keys begin with this name. It has a tag, so that they lie together. */
  readonly name?: string
}

/** The line of all processes that use this Redis: a stream with one group of consumers. */
export const layer = ({
  name = "doorbuster:{order-queue}"
}: Options = {}): Layer.Layer<OrderQueue, never, RedisClient> =>
  Layer.effect(
    OrderQueue,
    Effect.gen(function* () {
      const redis = yield* RedisClient
      const script = (operation: string, text: string) => {
        const run = redis.script(`order queue: ${operation}`, text)
        return (...args: ReadonlyArray<string | number>) =>
          Effect.mapError(run([name], args), unavailable)
      }
      const join = script("join", lua.join)
      const find = script("find", lua.find)
      const take = script("take", lua.take)
      const claim = script("claim", lua.claim)
      const renew = script("renew", lua.renew)
      const settle = script("settle", lua.settle)
      const wanting = script("wanting", lua.wanting)
      const refuse = script("refuse", lua.refuse)
      const counts = script("counts", lua.counts)

      const entriesOf = Effect.fnUntraced(function* (text: unknown) {
        const { readable, unreadable } = sorted(text)
        if (unreadable.length > 0) {
          yield* settle(answerTtlMs, deadLettersMax, ...unreadable.map(burying))
        }
        return readable
      })

      return OrderQueue.of({
        join: (orders, capacity) => {
          const tickets = orders.map(ticketOf)
          const items = orders.map((order, i) => joining(order, tickets[i] as Uuid))
          return Effect.map(join(capacity, ...items), (text) =>
            (JSON.parse(String(text)) as ReadonlyArray<WireOutcome>).map((wire, i) =>
              joinOutcome(wire, tickets[i] as Uuid)
            )
          )
        },
        find: (tickets) =>
          Effect.map(find(...tickets), (text) =>
            (JSON.parse(String(text)) as ReadonlyArray<WireState>).map(ticketState)
          ),
        take: ({ consumer, limit, perSecond }) =>
          Effect.flatMap(take(consumer, limit, perSecond, burstSeconds), entriesOf),
        claim: (consumer, idleMs, limit) =>
          Effect.flatMap(claim(consumer, idleMs, limit, consumerTtlMs), entriesOf),
        keep: (consumer, entries) =>
          entries.length === 0 ? Effect.void : Effect.asVoid(renew(consumer, 0, "", ...entries)),
        release: (consumer, entries) =>
          entries.length === 0
            ? Effect.void
            : Effect.asVoid(renew(consumer, longAgoMs, 0, ...entries)),
        settle: (batch) =>
          Effect.asVoid(settle(answerTtlMs, deadLettersMax, ...batch.map(settling))),
        wanting: (sku, moreThan, limit) =>
          Effect.map(
            wanting(sku, moreThan, limit),
            (text) => JSON.parse(String(text)) as ReadonlyArray<Wanting>
          ),
        refuse: (batch) =>
          Effect.map(
            refuse(
              answerTtlMs,
              ...batch.map(({ answer, ticket }) =>
                JSON.stringify({ ticket, answer: answerToText(answer) })
              )
            ),
            Number
          ),
        counts: Effect.map(counts(), (found) => {
          const [waiting, taken, dead] = found as [number, number, number]
          return { waiting, taken, dead }
        })
      })
    })
  )
