import type { FromWorker, WorkerMetrics } from "./messages.ts"
import type { WorkerProcess } from "./WorkerProcess.ts"

/** A worker that is busy for longer is left out of this scrape. */
const answerMsMax = 1_000

/** One question to all workers, and their answers to whoever asked. */
interface Round {
  readonly asker: WorkerProcess
  /** The asker's own number for it. */
  readonly askedAs: number
  readonly waitingFor: Set<number>
  readonly metrics: Array<WorkerMetrics>
  readonly late: NodeJS.Timeout
}

/** Carries metrics between the workers, which cannot talk to each other. */
export class MetricsRounds {
  /** By place. */
  readonly #workers: ReadonlyMap<number, WorkerProcess>
  readonly #rounds = new Map<number, Round>()
  #asked = 0

  constructor(workers: ReadonlyMap<number, WorkerProcess>) {
    this.#workers = workers
  }

  heard(
    from: number,
    message: Extract<FromWorker, { readonly _tag: "GatherMetrics" | "Metrics" }>
  ): void {
    if (message._tag === "GatherMetrics") this.#begin(from, message.id)
    else this.#note(message.id, { worker: from, text: message.text })
  }

  #begin(from: number, askedAs: number): void {
    const asker = this.#workers.get(from)
    if (asker === undefined) return
    this.#asked += 1
    const id = this.#asked
    this.#rounds.set(id, {
      asker,
      askedAs,
      waitingFor: new Set(this.#workers.keys()),
      metrics: [],
      late: setTimeout(() => this.#end(id), answerMsMax)
    })
    for (const worker of this.#workers.values()) worker.send({ _tag: "TellMetrics", id })
  }

  #note(id: number, metrics: WorkerMetrics): void {
    const round = this.#rounds.get(id)
    if (round === undefined) return
    round.metrics.push(metrics)
    round.waitingFor.delete(metrics.worker)
    if (round.waitingFor.size === 0) this.#end(id)
  }

  #end(id: number): void {
    const round = this.#rounds.get(id)
    if (round === undefined) return
    clearTimeout(round.late)
    this.#rounds.delete(id)
    const metrics = round.metrics.toSorted((a, b) => a.worker - b.worker)
    round.asker.send({ _tag: "Gathered", id: round.askedAs, metrics })
  }
}
