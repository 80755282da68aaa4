import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { SeededRandom } from "./SeededRandom.ts"
import { latency, type Stage } from "./Stage.ts"
import type { Reply, Services, StoreProcess } from "./StoreProcess.ts"

/** How a request ended for whoever sent it. */
export type Ending<A, E> =
  | { readonly _tag: "Taken"; readonly value: A }
  | { readonly _tag: "Refused"; readonly error: E }
  /** It may have been done, or be done later. */
  | { readonly _tag: "Unknown" }

const unknown = { _tag: "Unknown" } as const

/** Everybody's patience with a request. */
const patienceMs = 30_000

/** Sends requests to store processes over a network that loses, delays and repeats them. */
export class Asking {
  readonly #stage: Stage
  readonly #processes: ReadonlyArray<StoreProcess>
  readonly #random: SeededRandom

  constructor(stage: Stage, processes: ReadonlyArray<StoreProcess>) {
    this.#stage = stage
    this.#processes = processes
    this.#random = stage.random.fork("requests")
  }

  /** One request to any process. A defect of the store is found by the judge. */
  once<A, E extends { readonly _tag: string }>(
    place: string,
    use: (services: Context.Context<Services>) => Effect.Effect<A, E>
  ): Effect.Effect<Ending<A, E>> {
    const { clock, coverage, faults, scenario } = this.#stage
    const random = this.#random
    return Effect.callback<Ending<A, E>>((resume) => {
      const process = random.pick(this.#processes)
      const isLost = faults.happens("answer_lost", place)
      let isOver = false
      const end = (ending: Ending<A, E>) => {
        if (isOver) return
        isOver = true
        giveUp()
        resume(Effect.succeed(ending))
      }
      const giveUp = clock.after(patienceMs, () => end(unknown))
      if (faults.happens("request_lost", place)) return
      const answered = (reply: Reply<A, E>) => {
        const ending = this.#read(place, reply)
        if (ending._tag === "Refused") coverage.error(ending.error)
        if (!isLost) clock.after(latency(random, scenario), () => end(ending))
      }
      const ask = () => process.ask(use, answered)
      const slowMs = faults.happens("request_delayed", place) ? random.between(1, 40_000) : 0
      clock.after(latency(random, scenario) + slowMs, ask)
      if (faults.happens("request_duplicated", place)) {
        clock.after(random.between(0, 60_000), () =>
          random.pick(this.#processes).ask(use, () => undefined)
        )
      }
    })
  }

  #read<A, E>(place: string, reply: Reply<A, E>): Ending<A, E> {
    if (!Exit.isExit(reply)) return unknown
    if (Exit.isSuccess(reply)) return { _tag: "Taken", value: reply.value }
    const failed = reply.cause.reasons.find((reason) => reason._tag === "Fail")
    if (failed !== undefined) return { _tag: "Refused", error: failed.error as E }
    const defect = reply.cause.reasons.find((reason) => reason._tag === "Die")
    if (defect !== undefined) {
      this.#stage.judge.find("no.defect", place, String(defect.defect))
    }
    return unknown
  }
}
