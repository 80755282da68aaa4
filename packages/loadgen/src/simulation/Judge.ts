import type { EventTrace } from "./EventTrace.ts"

/** A broken promise: whose, about what, and both sides of the equation. */
export interface Violation {
  /** A name of `core/audit`, or one of the simulation's own: `told.*`, `provider.*`, `liveness`. */
  readonly invariant: string
  readonly subject: string
  readonly detail: string
}

/** Takes down what was found broken. It never looks at the store itself. */
export class Judge {
  readonly #trace: EventTrace
  readonly #violations: Array<Violation> = []

  constructor(trace: EventTrace) {
    this.#trace = trace
  }

  find(invariant: string, subject: string, detail: string): void {
    this.#trace.note("judge", `${invariant} ${subject}: ${detail}`)
    this.#violations.push({ invariant, subject, detail })
  }

  /** `left = right`, or it is found broken. */
  equal(
    invariant: string,
    subject: string,
    label: string,
    left: bigint | number | string,
    right: bigint | number | string
  ): void {
    if (left !== right) this.find(invariant, subject, `${label}: ${left} instead of ${right}`)
  }

  get violations(): ReadonlyArray<Violation> {
    return this.#violations
  }

  get isSatisfied(): boolean {
    return this.#violations.length === 0
  }
}
