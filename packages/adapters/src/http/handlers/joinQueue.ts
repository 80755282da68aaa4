/** `POST /checkout` where orders wait in line. */
import type { Writes } from "@doorbuster/core/batch/Writes"
import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { QueueDesk } from "@doorbuster/core/queue/QueueDesk"
import type { QueuedOrder } from "@doorbuster/core/queue/QueuedOrder"
import { IdempotencyKeyReused } from "@doorbuster/core/saga/errors"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { HttpServerResponse } from "../effectHttp.ts"
import { countCheckout } from "../HttpMetrics.ts"
import { storedResponse } from "../idempotency/storedResponse.ts"
import { waitingView } from "../wire/QueueView.ts"

const againSecondsMax = 30

/** Whoever is near the front asks more often. */
export const waitingResponse = (
  status: 200 | 202,
  ticket: Uuid,
  position: number,
  { secondsUntil }: QueueDesk
) => {
  const view = waitingView(ticket, position, secondsUntil)
  const again = Math.min(againSecondsMax, Math.ceil(view.estimated_seconds / 2))
  return HttpServerResponse.text(JSON.stringify(view), {
    status,
    contentType: "application/json",
    headers: { location: `/queue/${ticket}`, "retry-after": `${again}` }
  })
}

/** Where the new order is to be found. */
export const orderLocation = (answer: Pick<StoredAnswer, "body">) => {
  const { order_id } = JSON.parse(answer.body) as { readonly order_id: string }
  return { location: `/orders/${order_id}` }
}

const replay = (answer: StoredAnswer) =>
  Effect.as(countCheckout("replayed"), storedResponse(answer, true, orderLocation(answer)))

/** The stored answer of a key that has one, or a place in line: 202 with its ticket. */
export const joinQueue = Effect.fnUntraced(function* <E, R>(
  desk: QueueDesk,
  { claimOf }: Pick<(typeof Writes)["Service"], "claimOf">,
  claim: Pick<QueuedOrder, "account" | "fingerprint" | "key">,
  order: Effect.Effect<QueuedOrder, E, R>
) {
  const { fingerprint, key } = claim
  const known = yield* claimOf(claim)
  if (known !== undefined && known.fingerprint !== fingerprint) {
    return yield* new IdempotencyKeyReused({ key })
  }
  if (known?.answer != null) return yield* replay(known.answer)
  const outcome = yield* desk.join(yield* order)
  switch (outcome._tag) {
    case "KeyReused":
      return yield* new IdempotencyKeyReused({ key })
    case "Placed":
      return yield* replay(outcome.answer)
    case "Waiting":
      yield* countCheckout("queued")
      return waitingResponse(202, outcome.ticket, outcome.position, desk)
  }
})
