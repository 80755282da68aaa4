import type { IncomingMessage, ServerResponse } from "node:http"
import type { Short } from "@doorbuster/core/edge/demand"
import type { GateKeeper } from "@doorbuster/core/edge/GateKeeper"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { ClaimLookups } from "./ClaimLookups.ts"
import { type Head, headOf, isOrder, wishOf } from "./candidate.ts"
import { readAndPutBack } from "./putBack.ts"
import { type Refusal, Refusals } from "./Refusals.ts"
import { send } from "./Rendered.ts"
import type { Tally } from "./Tally.ts"
import type { TokenCache } from "./TokenCache.ts"

/** Answers a request that is not for the fast lane after all; its body is there to be read. */
export type HandOver = (request: IncomingMessage, response: ServerResponse) => void

export interface SoldOutParts {
  readonly gate: GateKeeper
  readonly tokens: TokenCache
  readonly claims: ClaimLookups
  readonly tally: Tally
  readonly handOver: HandOver
}

const route = "POST /checkout"

/**
 * Refuses the orders of guests for what the gate knows to be sold out, unless their key was claimed
 * before: then the first answer counts. It says what the endpoint would say, byte for byte; what
 * the endpoint might answer otherwise is handed over to it.
 */
export class SoldOutLane {
  readonly #parts: SoldOutParts
  readonly #refusals = new Refusals()

  constructor(parts: SoldOutParts) {
    this.#parts = parts
  }

  /** True when the request is answered here, or handed over later. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { gate, handOver, tokens } = this.#parts
    if (request.url !== "/checkout" || request.method !== "POST" || !gate.guards()) return false
    const head = headOf(request.headers)
    if (head === undefined) return false
    const account = tokens.accountOf(head.token, Date.now())
    if (account === undefined) return false
    readAndPutBack(request, head.length, (body) => {
      const short = this.#shortOf(body, account, head)
      if (short === undefined) handOver(request, response)
      else this.#refuse(request, response, { account, key: head.key, short })
    })
    return true
  }

  #shortOf(body: Buffer, account: AccountId, { key }: Head): Short | undefined {
    const { gate } = this.#parts
    const wish = wishOf(body)
    if (wish === undefined || gate.isInside(account, key)) return undefined
    const short = gate.shortOf(wish.demand)
    return short !== undefined && isOrder(wish) ? short : undefined
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { account, key, short }: { account: AccountId; key: string; short: Short }
  ): void {
    const { claims, handOver } = this.#parts
    const found = (isClaimed: boolean | undefined) => {
      if (response.destroyed) return
      if (isClaimed === true) handOver(request, response)
      else if (isClaimed === false) this.#answer(response, this.#refusals.soldOut(short))
      else this.#answer(response, this.#refusals.unavailable)
    }
    claims.ask({ account, key, found })
  }

  #answer(response: ServerResponse, { answer, code }: Refusal): void {
    const { tally } = this.#parts
    tally.request(route, answer.status)
    tally.checkout(code)
    send(response, answer)
  }
}
