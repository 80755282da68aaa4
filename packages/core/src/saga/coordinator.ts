/** Runs a saga's steps in order; the saga's progress is in the effects, so a run can start over. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Saga } from "./Saga.ts"
import type { Machinery, Reason, Rejected, Step, Superseded, Unknown } from "./Step.ts"

export type Ending<E> =
  | { readonly _tag: "Done" }
  | { readonly _tag: "Compensated"; readonly reason: E }

/** Machines failed for too long: whoever runs the saga puts it down for later. */
export interface Exhausted {
  readonly _tag: "Exhausted"
  readonly step: string
  readonly detail: string
}

export interface Patience {
  /** Tries of one step in one run, the first one included. */
  readonly attempts: number
  /** Wait before the second try; it doubles with each further one. */
  readonly delayMs: number
  readonly delayMsMax: number
}

export const defaultPatience: Patience = { attempts: 8, delayMs: 20, delayMsMax: 2_000 }

/** Tries again while machines fail, with exponential backoff and full jitter. */
const patiently = Effect.fnUntraced(function* <F extends { readonly _tag: string }>(
  step: string,
  effect: Effect.Effect<void, F | Machinery | Unknown>,
  patience: Patience
): Effect.fn.Return<void, Exclude<F, Machinery | Unknown> | Exhausted> {
  for (let attempt = 1; ; attempt++) {
    const result = yield* Effect.result(effect)
    if (result._tag === "Success") return
    const failure: F | Machinery | Unknown = result.failure
    if (!isPassing(failure)) {
      return yield* Effect.fail(failure as Exclude<F, Machinery | Unknown>)
    }
    if (attempt === patience.attempts) {
      return yield* Effect.fail<Exhausted>({ _tag: "Exhausted", step, detail: failure.detail })
    }
    const random = yield* Random.Random
    const ceiling = Math.min(patience.delayMs * 2 ** (attempt - 1), patience.delayMsMax)
    yield* Effect.sleep(ceiling * random.nextDoubleUnsafe())
  }
})

/** The failures that another try may mend. */
const isPassing = (failure: { readonly _tag: string }): failure is Machinery | Unknown =>
  failure._tag === "Machinery" || failure._tag === "Unknown"

const compensate = Effect.fnUntraced(function* <C, E extends Reason>(
  steps: ReadonlyArray<Step<C, E>>,
  context: C,
  reason: E,
  patience: Patience
): Effect.fn.Return<void, Superseded | Exhausted> {
  for (const step of steps.toReversed()) {
    if (step.kind !== "compensatable") continue
    yield* patiently(`undo ${step.name}`, step.undo(context, reason), patience)
  }
})

/**
 * Runs the saga from its first step: steps that have happened answer as they did then. A rejected
 * step undoes itself and all before it, in reverse order.
 */
export const run = Effect.fnUntraced(function* <C, E extends Reason>(
  saga: Saga<C, E>,
  context: C,
  patience: Patience
): Effect.fn.Return<Ending<E>, Superseded | Exhausted> {
  for (const [index, step] of saga.steps.entries()) {
    const attempt = patiently<Rejected<E> | Superseded>(step.name, step.run(context), patience)
    const result = yield* Effect.result(attempt)
    if (result._tag === "Success") continue
    const { failure } = result
    if (failure._tag !== "Rejected") return yield* Effect.fail(failure)
    yield* compensate(saga.steps.slice(0, index + 1), context, failure.reason, patience)
    return { _tag: "Compensated", reason: failure.reason }
  }
  return { _tag: "Done" }
})
