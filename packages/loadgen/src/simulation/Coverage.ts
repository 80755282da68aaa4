import type { FaultKind } from "./FaultKind.ts"

/** What a run, or many, has met: each a set of names. */
export interface Covered {
  /** `state × event`: an order in this state met this event, which moved it or was refused. */
  readonly transitions: ReadonlyArray<string>
  /** Tags of the errors that callers were told; storage errors with their reason. */
  readonly errors: ReadonlyArray<string>
  /** `step × fault`: the effect of a store process at which it went wrong. */
  readonly faults: ReadonlyArray<string>
}

export class Coverage {
  readonly #transitions = new Set<string>()
  readonly #errors = new Set<string>()
  readonly #faults = new Set<string>()

  transition(state: string, event: string): void {
    this.#transitions.add(`${state} × ${event}`)
  }

  error(error: { readonly _tag: string; readonly reason?: unknown }): void {
    this.#errors.add(
      error._tag === "StorageError" ? `StorageError ${String(error.reason)}` : error._tag
    )
  }

  fault(step: string, kind: FaultKind): void {
    this.#faults.add(`${step} × ${kind}`)
  }

  get covered(): Covered {
    return {
      transitions: [...this.#transitions],
      errors: [...this.#errors],
      faults: [...this.#faults]
    }
  }
}
