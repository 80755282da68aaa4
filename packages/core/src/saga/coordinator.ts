/** Runs a saga's steps in order; the saga's progress is in the effects, so a run can start over. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Saga } from "./Saga.ts"
import type { Machinery, Reason, Step, Superseded, Unknown } from "./Step.ts"

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
const patiently = <F>(
  step: string,
  effect: Effect.Effect<void, F | Machinery | Unknown>,
  patience: Patience
): Effect.Effect<void, Exclude<F, Machinery | Unknown> | Exhausted> =>
  Effect.gen(function* () {
    for (let attempt = 1; ; attempt++) {
      const result = yield* Effect.result(effect)
      if (result._tag === "Success") return
      const failure = result.failure as F | Machinery | Unknown
      const tag = (failure as { readonly _tag: string })._tag
      if (tag !== "Machinery" && tag !== "Unknown") {
        return yield* Effect.fail(failure as Exclude<F, Machinery | Unknown>)
      }
      if (attempt === patience.attempts) {
        const { detail } = failure as Machinery
        return yield* Effect.fail<Exhausted>({ _tag: "Exhausted", step, detail })
      }
      const random = yield* Random.Random
      const ceiling = Math.min(patience.delayMs * 2 ** (attempt - 1), patience.delayMsMax)
      yield* Effect.sleep(ceiling * random.nextDoubleUnsafe())
    }
  })

const compensate = <C, E extends Reason>(
  steps: ReadonlyArray<Step<C, E>>,
  context: C,
  reason: E,
  patience: Patience
): Effect.Effect<void, Superseded | Exhausted> =>
  Effect.gen(function* () {
    for (const step of steps.toReversed()) {
      if (step.kind !== "compensatable") continue
      yield* patiently(`undo ${step.name}`, step.undo(context, reason), patience)
    }
  })

/**
 * Runs the saga from its first step: steps that have happened answer as they did then. A rejected
 * step undoes itself and all before it, in reverse order.
 */
export const run = <C, E extends Reason>(
  saga: Saga<C, E>,
  context: C,
  patience: Patience
): Effect.Effect<Ending<E>, Superseded | Exhausted> =>
  Effect.gen(function* () {
    for (const [index, step] of saga.steps.entries()) {
      const failure = yield* patiently(step.name, step.run(context), patience).pipe(
        Effect.as(null),
        Effect.catchIf(
          (failure) => failure._tag === "Rejected",
          (failure) => Effect.succeed(failure)
        )
      )
      if (failure === null) continue
      const reached = saga.steps.slice(0, index + 1)
      yield* compensate(reached, context, failure.reason, patience)
      return { _tag: "Compensated", reason: failure.reason }
    }
    return { _tag: "Done" }
  })
