import type { SeededRandom } from "./SeededRandom.ts"
import type { VirtualClock } from "./VirtualClock.ts"

interface Planned {
  readonly callOff: () => void
  readonly task: () => void
}

/** Things that are going to happen by themselves, and can be told to happen soon. */
export class Later {
  readonly #clock: VirtualClock
  readonly #random: SeededRandom
  readonly #planned = new Set<Planned>()

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.#clock = clock
    this.#random = random
  }

  get isEmpty(): boolean {
    return this.#planned.size === 0
  }

  plan(ms: number, task: () => void): void {
    const callOff = this.#clock.after(ms, () => {
      this.#planned.delete(planned)
      task()
    })
    const planned: Planned = { callOff, task }
    this.#planned.add(planned)
  }

  /** Nothing takes longer than some seconds from now on. */
  hurry(): void {
    const waiting = [...this.#planned]
    this.#planned.clear()
    for (const { callOff, task } of waiting) {
      callOff()
      this.plan(this.#random.between(0, 5_000), task)
    }
  }
}
