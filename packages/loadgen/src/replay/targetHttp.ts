import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { traceCurrency } from "../trace/lineAmount.ts"
import { refundBody, refundKey, saleKey } from "./identity.ts"
import type { Journal, Refund, Sale, StockMove } from "./Operation.ts"
import {
  type Done,
  type NotYet,
  type Placed,
  type Refused,
  Target,
  TargetUnreachable
} from "./Target.ts"

export interface HttpTarget {
  /** Where the store is, such as `http://127.0.0.1:3000`. */
  readonly url: string
  readonly staffToken: Redacted.Redacted<string>
}

/** Problem details as far as a replay looks at them. */
interface Problem {
  readonly code?: string
  readonly detail?: string
  readonly from?: string
  readonly order_id?: string
  readonly sku?: string
}

interface Answer {
  readonly status: number
  readonly body: Problem
}

const iso = (at: number): string => new Date(at).toISOString()

const bodyOf = (text: string): Problem => {
  try {
    return JSON.parse(text) as Problem
  } catch {
    return { detail: text.slice(0, 200) }
  }
}

/** `fetch` says only that it failed; why stands in the cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { cause, message } = error
  return cause instanceof Error && cause.message !== "" ? cause.message : message
}

const sender = ({ staffToken, url }: HttpTarget) => {
  const unreachable = (detail: string) => new TargetUnreachable({ target: url, detail })
  return (path: string, key: string, payload: unknown): Effect.Effect<Answer, TargetUnreachable> =>
    Effect.tryPromise({
      try: async (signal) => {
        const response = await fetch(new URL(path, url), {
          method: "POST",
          headers: {
            authorization: `Bearer ${Redacted.value(staffToken)}`,
            "content-type": "application/json",
            "idempotency-key": key
          },
          body: JSON.stringify(payload),
          signal
        })
        return { status: response.status, body: bodyOf(await response.text()) }
      },
      catch: (cause) => unreachable(reasonOf(cause))
    }).pipe(
      // A store that is down or too busy is asked again; a refusal is an outcome.
      Effect.flatMap((answer) =>
        answer.status >= 500 || answer.status === 429
          ? Effect.fail(unreachable(`HTTP ${answer.status} ${answer.body.detail ?? ""}`))
          : Effect.succeed(answer)
      )
    )
}

const readyPath = "/readyz"
const readyPatienceMs = 2_000

/** Whatever answers otherwise than a store does is none. */
const readiness = ({ url }: HttpTarget): Effect.Effect<void, TargetUnreachable> =>
  Effect.tryPromise({
    try: async () => {
      const signal = AbortSignal.timeout(readyPatienceMs)
      const response = await fetch(new URL(readyPath, url), { signal })
      const { detail = "" } = bodyOf(await response.text())
      if (!response.ok) throw new Error(`${readyPath}: HTTP ${response.status} ${detail}`.trim())
    },
    catch: (cause) => new TargetUnreachable({ target: url, detail: reasonOf(cause) })
  })

const shortCodes: ReadonlySet<string> = new Set(["sold_out", "stock_too_low"])

const refused = ({ body: { code, detail, sku }, status }: Answer): Refused => ({
  _tag: "Refused",
  code: code ?? `http_${status}`,
  message: detail ?? `HTTP ${status}`,
  ...(sku !== undefined && shortCodes.has(code ?? "") && { shortSku: sku })
})

const notYet = ({ body }: Answer): NotYet => ({ _tag: "NotYet", message: body.detail ?? "" })

const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300

const placed = (answer: Answer): Placed => {
  const { code, order_id } = answer.body
  const exists = isOk(answer) || code === "external_ref_taken"
  if (exists && order_id !== undefined) return { _tag: "Placed", orderId: order_id as OrderId }
  return code === "idempotency_in_flight" ? notYet(answer) : refused(answer)
}

const given = (answer: Answer): Done | Refused | NotYet => {
  if (isOk(answer)) return { _tag: "Done" }
  const { code, from } = answer.body
  const unpaid = code === "illegal_transition" && from === "pending_payment"
  return unpaid || code === "idempotency_in_flight" ? notYet(answer) : refused(answer)
}

const doneOrRefused = (answer: Answer): Done | Refused =>
  isOk(answer) ? { _tag: "Done" } : refused(answer)

const saleBody = ({ account, at, country, lines, ref }: Sale) => ({
  currency: traceCurrency,
  account,
  external_ref: ref,
  ...(country !== "" && { ship_to: { country } }),
  lines: lines.map(({ priceOverride, quantity, sku }) => ({
    sku,
    quantity,
    price_override: priceOverride,
    occurred_at: iso(at)
  }))
})

const moveBody = ({ at, kind, quantity, reason, sku }: StockMove) => ({
  sku,
  quantity,
  kind,
  reason,
  occurred_at: iso(at)
})

const journalBody = ({ amount, at, kind, memo }: Journal) => ({
  kind,
  amount: Number(amount),
  currency: traceCurrency,
  memo,
  occurred_at: iso(at)
})

/** A running store, over its public HTTP API with the token of its staff. */
export const layer = (options: HttpTarget) =>
  Layer.sync(Target, () => {
    const send = sender(options)
    return Target.of({
      place: (sale) => Effect.map(send("/checkout", saleKey(sale), saleBody(sale)), placed),
      refund: (refund: Refund, orderId) =>
        Effect.map(
          send(`/ops/orders/${orderId}/refund`, refundKey(refund), refundBody(refund)),
          given
        ),
      move: (move) => Effect.map(send("/ops/stock", move.key, moveBody(move)), doneOrRefused),
      post: (journal) =>
        Effect.map(send("/ops/journal", journal.key, journalBody(journal)), doneOrRefused),
      ready: readiness(options),
      idle: Effect.void
    })
  })
