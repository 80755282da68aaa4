/** People who want one unit each, and ask again until they are told yes or no. */
import { setTimeout as sleep } from "node:timers/promises"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Answer } from "@doorbuster/loadgen/sale/Buyer"
import { type Shopper, shopper } from "../../support/shopper.ts"

/** A request is answered within 15 seconds; the rest is for a machine that is busy with tests. */
const deadlineMs = 25_000
const patienceMs = 150_000
const openAtOnce = 500
const sessionsAtOnce = 64

/** So many guests, each with a token and a key of their own. */
export const guests = async (url: string, count: number): Promise<Array<Shopper>> => {
  const all: Array<Shopper> = []
  while (all.length < count) {
    const some = Math.min(sessionsAtOnce, count - all.length)
    all.push(...(await Promise.all(Array.from({ length: some }, () => shopper(url)))))
  }
  return all
}

interface Reply {
  readonly order_id?: OrderId
  readonly total?: number
  readonly code?: string
}

/** Undefined where the buyer has to ask again. */
const answerOf = (status: number, { code = "", order_id, total }: Reply): Answer | undefined => {
  if (status === 201 && order_id !== undefined && total !== undefined) {
    return { _tag: "Won", orderId: order_id, total: BigInt(total) }
  }
  if (code === "sold_out") return { _tag: "SoldOut" }
  if (status === 503 || status === 429 || code === "idempotency_in_flight") return undefined
  return { _tag: "Refused", status, code }
}

export interface Rush {
  readonly url: string
  readonly sku: string
  readonly buyers: ReadonlyArray<Shopper>
  /** Over how long they arrive, evenly; all at once when absent. Milliseconds. */
  readonly spreadMs?: number
}

/** Keeps what everybody was told, and what nobody should have met. */
export class Crowd {
  readonly answers = new Map<Shopper, Answer>()
  /** Answers by their status, those that decide nothing included. */
  readonly statuses: Record<number, number> = {}
  /** Answers that no buyer should get, and how often they came. */
  readonly surprises: Record<string, number> = {}
  /** Requests whose connection broke. */
  broken = 0

  /** Ends when everybody has an answer that decides. */
  async rush({ buyers, sku, spreadMs = 0, url }: Rush): Promise<void> {
    const beganAt = Date.now()
    let next = 0
    const one = async () => {
      while (next < buyers.length) {
        const at = next++
        const early = beganAt + (at * spreadMs) / buyers.length - Date.now()
        if (early > 0) await sleep(early)
        await this.#insist(url, buyers[at] as Shopper, sku)
      }
    }
    await Promise.all(Array.from({ length: Math.min(openAtOnce, buyers.length) }, one))
  }

  /** How many were told what. */
  get tally(): Readonly<Record<string, number>> {
    const tally: Record<string, number> = {}
    for (const answer of this.answers.values()) {
      const told = answer._tag === "Refused" ? `${answer.status} ${answer.code}` : answer._tag
      tally[told] = (tally[told] ?? 0) + 1
    }
    return tally
  }

  #surprise(what: string): void {
    this.surprises[what] = (this.surprises[what] ?? 0) + 1
  }

  async #insist(url: string, buyer: Shopper, sku: string): Promise<void> {
    const until = Date.now() + patienceMs
    while (Date.now() < until) {
      const answer = await this.#askOnce(url, buyer, sku)
      if (answer !== undefined) {
        this.answers.set(buyer, answer)
        return
      }
      await sleep(100 + Math.random() * 100)
    }
    this.#surprise(`no answer that decides within ${patienceMs} ms`)
  }

  async #askOnce(url: string, { key, token }: Shopper, sku: string): Promise<Answer | undefined> {
    const signal = AbortSignal.timeout(deadlineMs)
    try {
      const response = await fetch(`${url}/checkout`, {
        method: "POST",
        signal,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "idempotency-key": key
        },
        body: JSON.stringify({ currency: "EUR", lines: [{ sku, quantity: 1 }] })
      })
      const text = await response.text()
      const { status } = response
      this.statuses[status] = (this.statuses[status] ?? 0) + 1
      const isBusy = status === 503 || status === 429
      if ((status >= 500 && !isBusy) || (isBusy && !response.headers.has("retry-after"))) {
        this.#surprise(`${status} ${text.slice(0, 200)}`)
        return undefined
      }
      return answerOf(status, JSON.parse(text) as Reply)
    } catch (cause) {
      if (signal.aborted) this.#surprise(`no answer within ${deadlineMs} ms`)
      else if (cause instanceof SyntaxError) this.#surprise(`no JSON: ${cause.message}`)
      else this.broken += 1
      return undefined
    }
  }
}
