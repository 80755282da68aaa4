import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberMap from "effect/FiberMap"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { SagaKind, SagaRecord } from "../order/SagaRecord.ts"
import { Sagas } from "../order/Sagas.ts"
import type { Uuid } from "../Uuid.ts"
import { nextUuid } from "../Uuid.ts"
import type { Exhausted } from "./coordinator.ts"
import { Settings } from "./Settings.ts"
import type { Superseded } from "./Step.ts"

/** The part of a saga's record that running it needs. */
export type Run = Pick<SagaRecord, "sagaId" | "epoch" | "attempts">

export type SagaProgram = Effect.Effect<void, Superseded | Exhausted>

/** Knows how to run the sagas of one kind from their record. */
export type SagaHandler = (record: SagaRecord) => SagaProgram

const parkDelayMsMax = 60_000

/**
 * The sagas that this process runs. A saga runs once at a time here; starting it again replaces
 * the earlier run when that one's epoch is older, and else leaves it alone: whoever took the saga
 * over must not lose it to whoever finds it begun. A run that machines keep failing is parked:
 * written down for any worker to take up later. Nothing that was started is ever forgotten.
 */
export class SagaRunner extends Context.Service<
  SagaRunner,
  {
    /** This process's name in the saga log. */
    readonly worker: string
    readonly start: (run: Run, program: SagaProgram) => Effect.Effect<void>
    /** Runs a record with the handler of its kind. */
    readonly resume: (record: SagaRecord) => Effect.Effect<void>
    /** To be called while layers are built. */
    readonly register: (kind: SagaKind, handler: SagaHandler) => Effect.Effect<void>
    /** Waits until no saga runs here. */
    readonly idle: Effect.Effect<void>
    readonly running: Effect.Effect<number>
    /** Waits until the saga runs here no more, whatever became of it. */
    readonly ended: (sagaId: Uuid) => Effect.Effect<void>
    /** Which sagas run here now. */
    readonly sagaIds: Effect.Effect<ReadonlyArray<Uuid>>
  }
>()("@doorbuster/core/saga/SagaRunner") {
  static readonly layer = Layer.effect(
    SagaRunner,
    Effect.gen(function* () {
      const sagas = yield* Sagas
      const settings = yield* Settings
      const worker = yield* nextUuid
      const handlers = new Map<SagaKind, SagaHandler>()
      const fibers = yield* FiberMap.make<Uuid, void, never>()
      /** Of the runs in `fibers`. */
      const epochs = new Map<Uuid, number>()

      const park = Effect.fnUntraced(function* (run: Run, detail: string) {
        const now = yield* Clock.currentTimeMillis
        const delay = Math.min(settings.pollMs * 2 ** run.attempts, parkDelayMsMax)
        yield* sagas.park(run.sagaId, run.epoch, detail, now + delay).pipe(
          // Until it is written down, it must not be forgotten: its lease is alive.
          Effect.retry(Schedule.spaced(settings.pollMs)),
          Effect.ignore
        )
      })

      const settle = Effect.fnUntraced(function* (
        run: Run,
        exit: Exit.Exit<void, Superseded | Exhausted>
      ) {
        if (exit._tag === "Success" || Cause.hasInterruptsOnly(exit.cause)) return
        const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
        if (failure?._tag === "Superseded") return
        const detail =
          failure === undefined ? Cause.pretty(exit.cause) : `${failure.step}: ${failure.detail}`
        if (failure === undefined) yield* Effect.logError("a saga met a defect", exit.cause)
        yield* park(run, detail)
      })

      const start = (run: Run, program: SagaProgram) =>
        Effect.suspend(() => {
          const { epoch, sagaId } = run
          if ((epochs.get(sagaId) ?? 0) >= epoch) return Effect.void
          epochs.set(sagaId, epoch)
          const ended = Effect.sync(() => {
            if (epochs.get(sagaId) === epoch) epochs.delete(sagaId)
          })
          const whole = Effect.flatMap(Effect.exit(program), (exit) => settle(run, exit))
          return Effect.asVoid(FiberMap.run(fibers, sagaId, Effect.ensuring(whole, ended)))
        })

      const resume = Effect.fnUntraced(function* (record: SagaRecord) {
        const handler = handlers.get(record.kind)
        if (handler === undefined) {
          return yield* park(record, `this program does not know sagas of kind ${record.kind}`)
        }
        yield* start(record, handler(record))
      })

      yield* Effect.addFinalizer(() =>
        FiberMap.awaitEmpty(fibers).pipe(
          Effect.timeoutOption(settings.drainMs),
          Effect.andThen(FiberMap.clear(fibers)),
          Effect.andThen(sagas.handOver(worker)),
          Effect.ignore
        )
      )

      return SagaRunner.of({
        worker,
        start,
        resume,
        register: (kind, handler) => Effect.sync(() => void handlers.set(kind, handler)),
        idle: Effect.ignore(FiberMap.awaitEmpty(fibers)),
        running: FiberMap.size(fibers),
        ended: Effect.fnUntraced(function* (sagaId: Uuid) {
          const fiber = FiberMap.getUnsafe(fibers, sagaId)
          if (Option.isSome(fiber)) yield* Fiber.await(fiber.value)
        }),
        sagaIds: Effect.sync(() => Array.from(fibers, ([sagaId]) => sagaId))
      })
    })
  )
}
