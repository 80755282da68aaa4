import * as Effect from "effect/Effect"
import { countCheckout, countRequest } from "../HttpMetrics.ts"

/**
 * Counts what the fast lane answers. The metrics themselves would cost as much as the answer, so
 * they are told of many at once.
 */
export class Tally {
  readonly #requests = new Map<string, Map<number, number>>()
  readonly #refused = new Map<string, number>()
  #isChanged = false
  readonly #report: (counting: Effect.Effect<void>) => void

  /** `report` runs what counts, at once. */
  constructor(report: (counting: Effect.Effect<void>) => void) {
    this.#report = report
  }

  /** One answer of a route, such as "GET /products". */
  request(route: string, status: number): void {
    let statuses = this.#requests.get(route)
    if (statuses === undefined) {
      statuses = new Map()
      this.#requests.set(route, statuses)
    }
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    this.#isChanged = true
  }

  /** One checkout that was not placed, by the code of its problem. */
  checkout(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1)
  }

  flush(): void {
    if (!this.#isChanged) return
    this.#isChanged = false
    const counting: Array<Effect.Effect<void>> = []
    for (const [route, statuses] of this.#requests) {
      for (const [status, times] of statuses) counting.push(countRequest(route, status, times))
    }
    for (const [code, times] of this.#refused) counting.push(countCheckout(code, times))
    this.#requests.clear()
    this.#refused.clear()
    this.#report(Effect.all(counting, { discard: true }))
  }
}
