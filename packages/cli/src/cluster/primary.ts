/** The process that keeps the others: it forks them, replaces the dead, and stops them. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { exitCodes } from "../exitCodes.ts"
import { FailedElsewhere, type Failure } from "../failure.ts"
import { MetricsRounds } from "./MetricsRounds.ts"
import type { Listening } from "./messages.ts"
import { type Ended, run, type WorkerProcess } from "./WorkerProcess.ts"

const restartMsMin = 100
const restartMsMax = 10_000
/** A worker that lived so long did not die of how it starts. */
const soundMs = 10_000

export interface Herd {
  readonly listening: Listening
  readonly pids: ReadonlyArray<number>
}

export interface HerdOptions {
  readonly workers: number
  /** Once all of them take requests, for the first time. */
  readonly onReady: (herd: Herd) => void
  /** Something that an operator wants to know. */
  readonly say: (line: string) => void
}

const neverReady = ({ failure, how }: Ended): Failure =>
  failure ?? {
    code: "worker_died",
    message: `a worker ended before it was ready (${how})`,
    exit: exitCodes.error,
    data: {}
  }

/** Keeps so many workers until it is interrupted; fails when they cannot be brought up at first. */
export const keepHerd = ({ onReady, say, workers }: HerdOptions) =>
  Effect.gen(function* () {
    const processes = new Map<number, WorkerProcess>()
    const rounds = new MetricsRounds(processes)
    const places = Array.from({ length: workers }, (_, i) => i + 1)
    const ready = places.map(() => Deferred.makeUnsafe<Listening, FailedElsewhere>())

    /** One worker after the other in the same place. */
    const keep = Effect.fnUntraced(function* (place: number) {
      const first = ready[place - 1] as (typeof ready)[number]
      let wait = restartMsMin
      while (true) {
        const since = yield* Clock.currentTimeMillis
        const ended = yield* run((process) => void processes.set(place, process), {
          onReady: (listening) => void Deferred.doneUnsafe(first, Effect.succeed(listening)),
          onMessage: (message) => rounds.heard(place, message)
        })
        processes.delete(place)
        if (!Deferred.isDoneUnsafe(first)) {
          return yield* Deferred.fail(first, new FailedElsewhere(neverReady(ended)))
        }
        if ((yield* Clock.currentTimeMillis) - since >= soundMs) wait = restartMsMin
        const why = ended.failure === undefined ? ended.how : ended.failure.message
        say(`worker ${place} is gone (${why}): starting another in ${wait} ms`)
        yield* Effect.sleep(wait)
        wait = Math.min(2 * wait, restartMsMax)
      }
    })

    const announce = Effect.gen(function* () {
      const [listening] = yield* Effect.forEach(ready, Deferred.await, {
        concurrency: "unbounded"
      })
      const pids = places.flatMap((place) => processes.get(place)?.pid ?? [])
      if (listening !== undefined) onReady({ listening, pids })
    })
    const keepAll = Effect.forEach(places, keep, { concurrency: "unbounded", discard: true })
    yield* Effect.all([keepAll, announce], { concurrency: "unbounded", discard: true })
  })
