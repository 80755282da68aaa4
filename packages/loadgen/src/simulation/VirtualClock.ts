import * as Effect from "effect/Effect"
import { ClockView } from "./ClockView.ts"
import { ProcessGroup } from "./ProcessGroup.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { SeededScheduler } from "./SeededScheduler.ts"
import { type Sleeper, Sleepers } from "./Sleepers.ts"

/**
 * The one true time of a simulation, in whole milliseconds since 1970. It stands still while tasks
 * are ready, and then goes to the next sleeper at once. Programs see it through a view.
 */
export class VirtualClock {
  readonly #random: SeededRandom
  readonly #scheduler: SeededScheduler
  readonly #sleepers = new Sleepers()
  #nowMs: number

  constructor(options: {
    readonly startMs: number
    readonly random: SeededRandom
    readonly scheduler: SeededScheduler
  }) {
    this.#nowMs = options.startMs
    this.#random = options.random
    this.#scheduler = options.scheduler
    this.#scheduler.whenKilled(() => this.#sleepers.sweep())
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** How many sleepers are kept, among them interrupted ones that were not swept yet. */
  get sleepers(): number {
    return this.#sleepers.size
  }

  /** A clock for one process: `aheadMs` off the truth, ticking at `rate` of true seconds. */
  view(options?: { readonly aheadMs?: number; readonly rate?: number }): ClockView {
    return new ClockView(this, options?.aheadMs ?? 0, options?.rate ?? 1)
  }

  /** When the next sleeper is due; undefined when nobody sleeps. */
  nextDueMs(): number | undefined {
    return this.#sleepers.first()?.dueMs
  }

  /** Goes to that time, and makes everybody who is due then ready to run. */
  advance(): void {
    const dueMs = this.nextDueMs()
    if (dueMs === undefined) return
    this.#nowMs = dueMs
    for (let due = this.#sleepers.first(); due?.dueMs === dueMs; due = this.#sleepers.first()) {
      const wake = due.wake as () => void
      due.wake = undefined
      this.#sleepers.takeFirst()
      due.group.scheduleTask(wake)
    }
  }

  /** Runs a task of the world after so many milliseconds; answers how to call it off. */
  after(durationMs: number, task: () => void): () => void {
    const sleeper: Sleeper = {
      dueMs: this.#nowMs + Math.max(0, Math.ceil(durationMs)),
      lot: this.#random.next(),
      group: this.#scheduler.world,
      wake: task
    }
    this.#sleepers.add(sleeper)
    return () => this.#sleepers.interrupt(sleeper)
  }

  close(): void {
    this.#sleepers.clear()
  }

  /** Like a timer, never shorter than asked, and in whole milliseconds. */
  sleep(durationMs: number): Effect.Effect<void> {
    if (durationMs <= 0) return Effect.yieldNow
    if (!Number.isFinite(durationMs)) return Effect.never
    const clock = this
    return Effect.callback<void>(function (resume) {
      const sleeper: Sleeper = {
        dueMs: clock.#nowMs + Math.ceil(durationMs),
        lot: clock.#random.next(),
        group: this instanceof ProcessGroup ? this : clock.#scheduler.world,
        wake: () => resume(Effect.void)
      }
      clock.#sleepers.add(sleeper)
      return Effect.sync(() => clock.#sleepers.interrupt(sleeper))
    })
  }
}
