import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Writes } from "../batch/Writes.ts"
import type { SagaRecord, StoredAnswer } from "../order/SagaRecord.ts"
import type { OpenSaga } from "../order/Sagas.ts"
import { StorageError } from "../StorageError.ts"
import type { Ending, Exhausted, Patience } from "./coordinator.ts"
import { run } from "./coordinator.ts"
import {
  type AlreadyAnswered,
  IdempotencyInFlight,
  IdempotencyKeyReused,
  type OpenRefusal
} from "./errors.ts"
import type { Saga } from "./Saga.ts"
import type { Run, SagaProgram, SagaRunner } from "./SagaRunner.ts"
import type { Settings } from "./Settings.ts"
import {
  type Compensatable,
  machinery,
  type Reason,
  refusedWrite,
  rejected,
  type Superseded,
  superseded
} from "./Step.ts"

/** What whoever asked is told, once. */
export interface Told {
  readonly answer: StoredAnswer
  /** The answer was given before under the same key. */
  readonly replayed: boolean
}

/** The refusals of a saga that whoever asked can meet; an earlier answer is not one. */
export type Refused<E> = Exclude<E, AlreadyAnswered>

/** What every saga carries while it runs in a process. */
export interface SagaContext<E> extends Run, OpenSaga {
  /** True as soon as the saga's row is known to exist. */
  opened: boolean
  /** Somebody waits for the answer; nobody does when a saga is resumed. */
  readonly told: Deferred.Deferred<Told, E | StorageError> | null
}

type WriteSteps = (typeof Writes)["Service"]

export const tell = <E>(context: SagaContext<E>, answer: StoredAnswer, replayed = false) =>
  context.told === null
    ? Effect.void
    : Effect.asVoid(Deferred.succeed(context.told, { answer, replayed }))

/** Turns the answer of a fenced write into the saga's own way to stop. */
export const unlessSuperseded = <A extends { readonly _tag: string }>(
  outcome: A
): Effect.Effect<Exclude<A, { readonly _tag: "Superseded" }>, Superseded> =>
  outcome._tag === "Superseded"
    ? Effect.fail(superseded)
    : Effect.succeed(outcome as Exclude<A, { readonly _tag: "Superseded" }>)

/** Step 1 of every saga: claim the idempotency key and write the saga's row. */
export const openStep = <E, C extends SagaContext<E>>(
  writes: WriteSteps
): Pick<Compensatable<C, OpenRefusal | StorageError>, "run" | "undo"> => ({
  run: Effect.fnUntraced(function* (context) {
    if (context.opened) return
    const outcome = yield* Effect.mapError(writes.open(context), refusedWrite)
    const key = context.key ?? ""
    switch (outcome._tag) {
      case "Opened":
        context.opened = true
        return
      case "InFlight":
        return yield* Effect.fail(rejected(new IdempotencyInFlight({ key })))
      case "KeyReused":
        return yield* Effect.fail(rejected(new IdempotencyKeyReused({ key })))
      case "Answered":
        return yield* Effect.fail(
          rejected({ _tag: "AlreadyAnswered" as const, answer: outcome.answer })
        )
    }
  }),
  undo: Effect.fnUntraced(function* (context, reason) {
    if (!context.opened) return
    yield* closeSaga(writes, context, "failed", reason._tag)
  })
})

/** Ends the saga; a key that has no answer is free again when it failed. */
export const closeSaga = Effect.fnUntraced(function* <E>(
  writes: WriteSteps,
  context: SagaContext<E>,
  as: "done" | "failed",
  error: string | null,
  answer: StoredAnswer | null = null
) {
  const { sagaId, epoch } = context
  const at = yield* Clock.currentTimeMillis
  const closed = yield* Effect.mapError(
    writes.close({ sagaId, epoch, at, as, error, answer }),
    machinery
  )
  yield* unlessSuperseded(closed)
})

const interrupted = (operation: string) =>
  new StorageError({
    operation,
    reason: "unavailable",
    detail: "the outcome is not known yet; send the request again with the same key"
  })

/** One run of a saga, which tells whoever waits how it ended. */
export const program = <E extends Reason, C extends SagaContext<Refused<E>>>(
  saga: Saga<C, E>,
  context: NoInfer<C>,
  patience: Patience
): SagaProgram => {
  const announce = (ending: Ending<E>) => {
    if (context.told === null || ending._tag === "Done") return Effect.void
    const reason: Reason = ending.reason
    if (reason._tag === "AlreadyAnswered") {
      return tell(context, (reason as AlreadyAnswered).answer, true)
    }
    return Deferred.fail(context.told, reason as Refused<E>)
  }
  const body: Effect.Effect<void, Superseded | Exhausted> = Effect.flatMap(
    run(saga, context, patience),
    announce
  )
  // Whatever becomes of the run, nobody waits for ever.
  return Effect.onExit(body, () =>
    context.told === null || Deferred.isDoneUnsafe(context.told)
      ? Effect.void
      : Effect.asVoid(Deferred.fail(context.told, interrupted(saga.name)))
  )
}

/** Starts a saga in the background and waits for what it tells. */
export const launch = <E extends Reason, C extends SagaContext<Refused<E>>>(
  runner: (typeof SagaRunner)["Service"],
  saga: Saga<C, E>,
  context: NoInfer<C>,
  patience: Patience
): Effect.Effect<Told, Refused<E> | StorageError> =>
  Effect.andThen(
    runner.start(context, program(saga, context, patience)),
    context.told === null ? Effect.never : Deferred.await(context.told)
  )

/**
 * A request that cannot be taken now may have been taken before: then the first answer under its
 * key counts, whatever has changed since.
 */
export const orAnswered =
  (
    { claimOf }: Pick<WriteSteps, "claimOf">,
    request: Pick<OpenSaga, "account" | "fingerprint"> & { readonly key: string }
  ) =>
  <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.catch(
      effect,
      Effect.fnUntraced(function* (error: E) {
        const { account, fingerprint, key } = request
        const claim = yield* claimOf({ account, key })
        if (claim === undefined) return yield* Effect.fail(error)
        if (claim.fingerprint !== fingerprint) return yield* new IdempotencyKeyReused({ key })
        if (claim.answer === null) return yield* new IdempotencyInFlight({ key })
        return { answer: claim.answer, replayed: true } satisfies Told
      })
    )

/** What a saga that is about to be opened here has in common with every other. */
export const begun = <Request extends Omit<OpenSaga, "worker" | "at" | "deadlineAt">>(
  request: Request,
  at: number,
  { worker }: Pick<(typeof SagaRunner)["Service"], "worker">,
  { sagaDeadlineMs }: Settings
) => ({
  ...request,
  worker,
  at,
  deadlineAt: at + sagaDeadlineMs,
  epoch: 1,
  attempts: 0,
  opened: false
})

/** A record whose payload this program cannot read stays open and is listed as stuck. */
export const unreadable = (error: { readonly message: string }): Exhausted => ({
  _tag: "Exhausted",
  step: "read the saga's plan",
  detail: error.message
})

/** The context of a saga that is taken up again from its record. */
export const resumed = (
  record: SagaRecord
): Omit<SagaContext<never>, "told"> & { readonly told: null } => ({
  sagaId: record.sagaId,
  kind: record.kind,
  orderId: record.orderId,
  account: record.account,
  key: record.key,
  fingerprint: "",
  payload: record.payload,
  worker: record.owner ?? "",
  at: record.openedAt,
  deadlineAt: record.deadlineAt,
  epoch: record.epoch,
  attempts: record.attempts,
  opened: true,
  told: null
})
