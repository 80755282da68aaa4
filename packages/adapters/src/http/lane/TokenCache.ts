import type { Sessions } from "@doorbuster/core/edge/Sessions"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import * as Option from "effect/Option"
import { readToken, sessionOf } from "../identity/GuestToken.ts"
import type { HttpSecrets } from "../identity/HttpSecrets.ts"
import { sameSecret } from "../identity/signing.ts"

interface Guest {
  readonly account: AccountId
  readonly session: string
  readonly expiresAt: number
}

/** How many tokens are remembered, twice. */
const youngMax = 5_000

/**
 * Guests by their tokens, each token verified once and remembered for as long as it is in use. A
 * token that is not in order is never remembered, and neither is the staff's.
 */
export class TokenCache {
  #young = new Map<string, Guest>()
  #old = new Map<string, Guest>()
  readonly #secrets: HttpSecrets["Service"]
  readonly #sessions: Sessions["Service"]

  constructor(secrets: HttpSecrets["Service"], sessions: Sessions["Service"]) {
    this.#secrets = secrets
    this.#sessions = sessions
  }

  /** Undefined for whoever is no guest, or is one no more. */
  accountOf(token: string, nowMs: number): AccountId | undefined {
    const guest = this.#young.get(token) ?? this.#old.get(token) ?? this.#read(token, nowMs)
    if (guest === undefined || guest.expiresAt <= nowMs) return undefined
    if (this.#sessions.isEnded(guest.session)) return undefined
    if (!this.#young.has(token)) this.#remember(token, guest)
    return guest.account
  }

  #read(token: string, nowMs: number): Guest | undefined {
    const { sessionKey, staffToken } = this.#secrets
    if (staffToken !== null && sameSecret(staffToken, token)) return undefined
    const guest = Option.getOrUndefined(readToken(sessionKey, token, nowMs))
    return guest && { ...guest, session: sessionOf(token) }
  }

  /** Half of what is remembered is forgotten at once: which half costs nothing to know. */
  #remember(token: string, guest: Guest): void {
    if (this.#young.size >= youngMax) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(token, guest)
  }
}
