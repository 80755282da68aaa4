import * as Effect from "effect/Effect"
import type { Sku } from "../catalog/Sku.ts"
import type { ReserveOutcome } from "../inventory/Inventory.ts"
import { unlessSuperseded } from "../saga/SagaContext.ts"
import { type Compensatable, machinery, refusedWrite, rejected } from "../saga/Step.ts"
import type { CheckoutPorts, CheckoutRun, Refusal } from "./CheckoutRun.ts"
import { CouponUsedUp, PurchaseLimitReached } from "./errors.ts"
import { soldOut } from "./soldOut.ts"
import { stockKeys, stockLines } from "./stockLines.ts"

const sku = (key: string): Sku => key as Sku

type Short = Extract<ReserveOutcome, { readonly _tag: "OutOfStock" }>

/** Says which of the three kinds of stock ran out. */
const refusalOf = ({ available, key, requested }: Short): Refusal => {
  const [kind, name = ""] = key.split(":")
  if (kind === "coupon" && key.includes(":")) return new CouponUsedUp({ code: name })
  if (kind === "limit" && key.includes(":")) {
    const named = key.slice("limit:".length, key.lastIndexOf(":"))
    return new PurchaseLimitReached({ sku: sku(named), requested, left: available })
  }
  return soldOut({ key, requested, available })
}

/** Step 2: every line, coupon use and purchase-limit unit, all or none. */
export const reserveStep = (
  ports: CheckoutPorts
): Pick<Compensatable<CheckoutRun, Refusal>, "run" | "undo"> => ({
  run: Effect.fnUntraced(function* ({ epoch, orderId, plan }) {
    const lines = stockLines(plan)
    if (lines.length === 0) return
    const request = { orderId, epoch, expiresAt: plan.expiresAt, lines }
    const answer = yield* Effect.mapError(ports.writes.reserve(request), refusedWrite)
    const outcome = yield* unlessSuperseded(answer)
    switch (outcome._tag) {
      case "Held":
        return
      case "OutOfStock":
        return yield* Effect.fail(rejected(refusalOf(outcome)))
      case "UnknownStock": {
        const requested = lines.find((line) => line.key === outcome.key)?.quantity ?? 1
        const refusal = soldOut({ key: outcome.key, requested, available: 0 })
        return yield* Effect.fail(rejected(refusal))
      }
      case "ReservationClosed":
        return yield* Effect.fail(rejected({ _tag: "ReservationExpired" as const }))
    }
  }),
  undo: Effect.fnUntraced(function* ({ epoch, orderId, plan }, reason) {
    const keys = stockKeys(plan)
    if (keys.length === 0) return
    const as = reason._tag === "ReservationExpired" ? "expired" : "released"
    const answer = yield* Effect.mapError(
      ports.writes.release({ orderId, epoch, keys, as }),
      machinery
    )
    const outcome = yield* unlessSuperseded(answer)
    if (outcome._tag === "AlreadyCommitted") {
      const message = `order ${orderId} is being undone but its units are sold; run store check`
      return yield* Effect.fail(machinery({ message }))
    }
  })
})
