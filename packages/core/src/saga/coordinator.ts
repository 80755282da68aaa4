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
const patiently = <F extends { readonly _tag: string }>(
  step: string,
  effect: Effect.Effect<void, F | Machinery | Unknown>,
  patience: Patience,
  attempt = 1
): Effect.Effect<void, Exclude<F, Machinery | Unknown> | Exhausted> =>
  Effect.catch(effect, (failure) => {
    if (!isPassing(failure)) return Effect.fail(failure as Exclude<F, Machinery | Unknown>)
    if (attempt === patience.attempts) {
      return Effect.fail<Exhausted>({ _tag: "Exhausted", step, detail: failure.detail })
    }
    return Effect.andThen(delay(patience, attempt), patiently(step, effect, patience, attempt + 1))
  })

const delay = Effect.fnUntraced(function* (patience: Patience, attempt: number) {
  const random = yield* Random.Random
  const ceiling = Math.min(patience.delayMs * 2 ** (attempt - 1), patience.delayMsMax)
  yield* Effect.sleep(ceiling * random.nextDoubleUnsafe())
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
export const run = <C, E extends Reason>(
  saga: Saga<C, E>,
  context: C,
  patience: Patience
): Effect.Effect<Ending<E>, Superseded | Exhausted> => {
  const { steps } = saga
  // One link of a chain per step, not a generator with its frames: this is walked for every order.
  const from = (index: number): Effect.Effect<Ending<E>, Superseded | Exhausted> => {
    const step = steps[index]
    if (step === undefined) return done
    return Effect.matchEffect(
      patiently<Rejected<E> | Superseded>(step.name, step.run(context), patience),
      {
        onSuccess: () => from(index + 1),
        onFailure: (failure) => {
          if (failure._tag !== "Rejected") return Effect.fail(failure)
          const { reason } = failure
          const undone = compensate(steps.slice(0, index + 1), context, reason, patience)
          return Effect.as(undone, { _tag: "Compensated", reason } as const)
        }
      }
    )
  }
  return Effect.suspend(() => from(0))
}

const done = Effect.succeed({ _tag: "Done" } as const)
