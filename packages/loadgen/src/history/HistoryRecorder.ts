import { type FileHandle, open } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { HistoryUnwritable } from "./errors.ts"
import { encode, type Operation } from "./Operation.ts"

/** What is known of an operation before its answer. */
export type Intent = Pick<Operation, "client" | "op" | "sku" | "qty">

/** What the answer said. */
export interface Told {
  readonly ok: boolean
  /** For a read. */
  readonly val?: number
}

/**
 * Writes down what clients were told, for `store check --history`.
 *
 * Stamps are the nanoseconds of Effect's clock, pushed forward where they would repeat: within one
 * process what was stamped first happened first, under a virtual clock as well.
 */
export interface HistoryRecorder {
  readonly stamp: Effect.Effect<bigint>
  /** The same for callbacks. */
  readonly stampUnsafe: (clock: Clock.Clock) => bigint
  /** Waits while the file is behind. */
  readonly record: (operation: Operation) => Effect.Effect<void, HistoryUnwritable>
  /** Does it, and records what was told; as unknown when it fails or is interrupted. */
  readonly around: <A, E, R>(
    intent: Intent,
    effect: Effect.Effect<A, E, R>,
    told: (answer: A) => Told
  ) => Effect.Effect<A, E | HistoryUnwritable, R>
}

/** A stamp that no later one of the same recorder falls behind. */
const stamps = (): HistoryRecorder["stampUnsafe"] => {
  let last: bigint | undefined
  return (clock) => {
    const now = clock.currentTimeNanosUnsafe()
    last = last === undefined || now > last ? now : last + 1n
    return last
  }
}

/** A recorder over anything that takes lines. */
export const recorderOver = (write: HistoryRecorder["record"]): HistoryRecorder => {
  const stampUnsafe = stamps()
  const stamp = Effect.map(Clock.Clock, stampUnsafe)
  return {
    stamp,
    stampUnsafe,
    record: write,
    around: Effect.fnUntraced(function* (intent, effect, told) {
      const callNs = yield* stamp
      const unanswered = { ok: false, val: null, retNs: null, unknown: true }
      return yield* Effect.onExit(effect, (exit) =>
        Effect.gen(function* () {
          if (Exit.isFailure(exit)) return yield* write({ ...intent, ...unanswered, callNs })
          const retNs = yield* stamp
          const { ok, val = null } = told(exit.value)
          yield* write({ ...intent, callNs, retNs, ok, val, unknown: false })
        })
      )
    })
  }
}

/** Characters that may wait for the disk. */
const bufferMax = 64 * 1024

const unwritable = (file: string) => (cause: unknown) =>
  new HistoryUnwritable({ file, detail: cause instanceof Error ? cause.message : String(cause) })

const opened = (file: string): Effect.Effect<FileHandle, HistoryUnwritable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({ try: () => open(file, "w"), catch: unwritable(file) }),
    (handle) => Effect.promise(() => handle.close())
  )

/**
 * Records into a file, which is overwritten and closed with the scope. `flush` brings the rest to
 * the file: without it the end is missing.
 */
export const recorderTo = Effect.fnUntraced(function* (file: string) {
  const handle = yield* opened(file)
  const one = yield* Semaphore.make(1)
  let waiting = ""
  const flush = one.withPermit(
    Effect.tryPromise({
      try: async () => {
        const text = waiting
        waiting = ""
        if (text !== "") await handle.appendFile(text)
      },
      catch: unwritable(file)
    })
  )
  const recorder = recorderOver((operation) =>
    Effect.suspend(() => {
      waiting += `${encode(operation)}\n`
      return waiting.length > bufferMax ? flush : Effect.void
    })
  )
  return { ...recorder, flush }
})
