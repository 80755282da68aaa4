/** What a buyer asks of a process where orders wait in line. */
import { Writes } from "@doorbuster/core/batch/Writes"
import type { PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import type { CheckoutError } from "@doorbuster/core/checkout/errors"
import { QueueMode } from "@doorbuster/core/queue/QueueDesk"
import { IdempotencyKeyReused } from "@doorbuster/core/saga/errors"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"

interface InLine {
  readonly _tag: "InLine"
  readonly ticket: Uuid
}

const openDesk = Effect.flatMap(QueueMode, (desk) =>
  desk === null ? Effect.die(new Error("there is no line")) : Effect.succeed(desk)
)

/** The stored answer of a key that has one, or a place in line. */
export const lineUp = Effect.fnUntraced(function* (
  request: PlaceOrder
): Effect.fn.Return<Told | InLine, CheckoutError, Writes> {
  const { fingerprint, key } = request
  const { claimOf } = yield* Writes
  const known = yield* claimOf(request)
  if (known !== undefined && known.fingerprint !== fingerprint) {
    return yield* new IdempotencyKeyReused({ key })
  }
  if (known?.answer != null) return { answer: known.answer, replayed: true }
  const desk = yield* openDesk
  const outcome = yield* desk.join({ ...request, emptiesCart: null })
  switch (outcome._tag) {
    case "KeyReused":
      return yield* new IdempotencyKeyReused({ key })
    case "Placed":
      return { answer: outcome.answer, replayed: true }
    case "Waiting":
      return { _tag: "InLine", ticket: outcome.ticket }
  }
})

/** How a ticket stands; undefined when nobody knows it. */
export const look = (ticket: Uuid) => Effect.flatMap(openDesk, (desk) => desk.look(ticket))
