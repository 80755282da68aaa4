import type { Order, OrderHistoryEvent } from "@doorbuster/core/order/Order"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import type { Orders } from "@doorbuster/core/order/Orders"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { orderEventView } from "./wire/OrderView.ts"

/** How an order's events are followed; milliseconds. */
export const EventSettings = Context.Reference("@doorbuster/adapters/http/EventSettings", {
  defaultValue: () => ({ pollMs: 500, heartbeatMs: 15_000 })
})

/** Nothing more is expected then; a completed order can still be refunded, on some later day. */
const isFinal = (state: OrderState): boolean =>
  state === "completed" || state === "canceled" || state === "refunded"

const frame = (event: OrderHistoryEvent): string => {
  const data = JSON.stringify(orderEventView(event))
  return `id: ${event.seq}\nevent: ${event.event}\ndata: ${data}\n\n`
}

/** A comment: it keeps proxies from closing a quiet stream. */
const heartbeat = ": still here\n\n"

/** What the client has seen; anything that is no such number counts as nothing. */
export const lastSeen = (header: string | undefined): number =>
  header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0

interface Position {
  readonly seq: number
  readonly final: boolean
  /** How long nothing was sent. */
  readonly quietMs: number
}

/**
 * The order's history behind `after` as server-sent events, then each further step until a final
 * state. A store that is out of reach is met again at the next look.
 */
export const orderEvents = (
  orders: (typeof Orders)["Service"],
  order: Order,
  after: number,
  { heartbeatMs, pollMs }: { readonly pollMs: number; readonly heartbeatMs: number }
): Stream.Stream<Uint8Array> => {
  const look = Effect.fnUntraced(function* (position: Position) {
    if (position.final) return undefined
    const { quietMs, seq } = position
    const found = yield* Effect.orElseSucceed(orders.history(order.orderId, seq), () => [])
    const last = found.at(-1)
    if (last !== undefined) {
      const next: Position = { seq: last.seq, final: isFinal(last.to), quietMs: 0 }
      return [found.map(frame).join(""), next] as const
    }
    // All of an order that had ended before was seen already.
    if (isFinal(order.state)) return undefined
    yield* Effect.sleep(pollMs)
    if (quietMs + pollMs < heartbeatMs) {
      return ["", { ...position, quietMs: quietMs + pollMs }] as const
    }
    return [heartbeat, { ...position, quietMs: 0 }] as const
  })
  return Stream.unfold<Position, string, never, never>(
    { seq: after, final: false, quietMs: 0 },
    look
  ).pipe(
    Stream.filter((text) => text !== ""),
    Stream.encodeText
  )
}
