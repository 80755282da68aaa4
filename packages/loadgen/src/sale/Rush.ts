/** A rush on one thing: everybody wants it at once, and asks again until there is an answer. */
import type { OrderId } from "@doorbuster/core/order/OrderId"
import autocannon from "autocannon"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TargetUnreachable } from "../replay/Target.ts"
import type { Answer, Buyer } from "./Buyer.ts"
import type { SaleHistory } from "./SaleHistory.ts"

export interface RushOptions {
  readonly url: string
  readonly sku: string
  readonly currency: string
  /** The price that the buyers have seen, minor units. */
  readonly expectedTotal: bigint
  readonly connections: number
  /** Called with each answer that decides, and the answers so far. */
  readonly onAnswer?: (answers: ReadonlyMap<Buyer, Answer>) => void
  /** Remembers who asked when, and what they were told when. */
  readonly history?: SaleHistory
}

export interface RushResult {
  /** Requests that were sent, those whose answer was lost included. */
  readonly requests: number
  /** Buyers whom this rush has decided about. */
  readonly decided: number
  /** Connections that broke or were refused. */
  readonly brokenConnections: number
  readonly latencyMsP50: number
  readonly latencyMsP99: number
}

/** What is known of a request while it is under way. */
interface Request {
  buyer?: Buyer | undefined
  askedNs?: bigint | undefined
}

interface Reply {
  readonly order_id?: OrderId
  readonly total?: number
  readonly code?: string
}

const replyOf = (body: string): Reply => {
  try {
    return JSON.parse(body) as Reply
  } catch {
    return {}
  }
}

/** Undefined where the buyer has to ask again. */
const answerOf = (status: number, body: string): Answer | undefined => {
  const { code = "", order_id, total } = replyOf(body)
  if (status === 201 && order_id !== undefined && total !== undefined) {
    return { _tag: "Won", orderId: order_id, total: BigInt(total) }
  }
  if (code === "sold_out") return { _tag: "SoldOut" }
  if (status >= 500 || status === 429 || code === "idempotency_in_flight") return undefined
  return { _tag: "Refused", status, code }
}

const timeoutSeconds = 10

/**
 * Every buyer without an answer asks once, over so many connections. Answers are added to
 * `answers`; whoever got none (the server died, or is not sure yet) may ask again in another rush.
 */
export const rush = (
  buyers: ReadonlyArray<Buyer>,
  answers: Map<Buyer, Answer>,
  options: RushOptions
): Effect.Effect<RushResult, TargetUnreachable> =>
  Effect.flatMap(Clock.Clock, (clock) => rushAt(clock, buyers, answers, options))

const rushAt = (
  clock: Clock.Clock,
  buyers: ReadonlyArray<Buyer>,
  answers: Map<Buyer, Answer>,
  options: RushOptions
): Effect.Effect<RushResult, TargetUnreachable> => {
  const { currency, expectedTotal, history, onAnswer, sku, url } = options
  const asking = buyers.filter((buyer) => !answers.has(buyer))
  const body = JSON.stringify({
    currency,
    lines: [{ sku, quantity: 1 }],
    expected_total: Number(expectedTotal)
  })
  let next = 0
  const decidedBefore = answers.size
  const run = async (): Promise<RushResult> => {
    if (asking.length === 0) {
      return { requests: 0, decided: 0, brokenConnections: 0, latencyMsP50: 0, latencyMsP99: 0 }
    }
    const { errors, latency } = await autocannon<Request>({
      url,
      connections: Math.min(options.connections, asking.length),
      amount: asking.length,
      timeout: timeoutSeconds,
      // No rate: buyers come as fast as the connections go, so there is no intended time to
      // correct latencies for.
      requests: [
        {
          method: "POST",
          path: "/checkout",
          setupRequest: (draft, context) => {
            // Whoever reconnects may draw one more: the last buyer then asks twice, to no effect.
            const buyer = asking[Math.min(next++, asking.length - 1)]
            context.buyer = buyer
            if (buyer !== undefined) context.askedNs = history?.asked(buyer, clock)
            return {
              ...draft,
              body,
              headers: {
                authorization: `Bearer ${buyer?.token}`,
                "content-type": "application/json",
                "idempotency-key": buyer?.key ?? ""
              }
            }
          },
          onResponse: (status, text, { askedNs, buyer }) => {
            const answer = answerOf(status, text)
            if (buyer === undefined || answer === undefined || answers.has(buyer)) return
            answers.set(buyer, answer)
            history?.told(buyer, answer, askedNs ?? 0n, clock)
            onAnswer?.(answers)
          }
        }
      ]
    })
    return {
      requests: next,
      decided: answers.size - decidedBefore,
      brokenConnections: errors,
      latencyMsP50: latency.p50,
      latencyMsP99: latency.p99
    }
  }
  return Effect.tryPromise({
    try: run,
    catch: (cause) => new TargetUnreachable({ target: url, detail: String(cause) })
  })
}
