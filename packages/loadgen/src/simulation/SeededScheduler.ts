import { ProcessGroup, type TaskQueue } from "./ProcessGroup.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** How far from the front the next task may come; 1 is first in, first out. */
const windowOf = (random: SeededRandom): number =>
  random.chance(1 / 8) ? Number.POSITIVE_INFINITY : random.between(1, 16)

/** Operations from one forced yield to the next, on average; half of the runs force none. */
const preemptionOf = (random: SeededRandom): number =>
  random.chance(1 / 2) ? Number.POSITIVE_INFINITY : 2 ** random.between(6, 11)

/** Spent slots at the front of the list before it is moved. */
const spentMax = 4096

/**
 * Chooses by the seed which of the ready tasks runs next, and when a fiber has to let others go
 * first. How wild it is differs from run to run: from first in, first out to any order at all.
 * Priorities of tasks are wishes about speed, and are not looked at.
 */
export class SeededScheduler implements TaskQueue {
  /** What belongs to no process: the network, the databases, the one who watches. */
  readonly world: ProcessGroup = new ProcessGroup("world", this)
  readonly #random: SeededRandom
  readonly #window: number
  readonly #preemption: number
  readonly #whenKilled: Array<() => void> = []
  #opsLeft: number
  #tasks: Array<(() => void) | undefined> = []
  #groups: Array<ProcessGroup> = []
  #head = 0
  #closed = false
  #fingerprint = 0x811c9dc5

  constructor(random: SeededRandom) {
    this.#random = random
    this.#window = windowOf(random)
    this.#preemption = preemptionOf(random)
    this.#opsLeft = this.#drawOps()
  }

  /** A new process; after a crash the same machine comes back as a new group. */
  group(name: string): ProcessGroup {
    return new ProcessGroup(name, this)
  }

  /** Calls back after each kill, so that whoever keeps fibers of the group can drop them. */
  whenKilled(callback: () => void): void {
    this.#whenKilled.push(callback)
  }

  groupKilled(): void {
    for (const callback of this.#whenKilled) callback()
  }

  /** A uint32 of all choices so far: equal for equal runs, and as good as never for others. */
  get fingerprint(): number {
    return this.#fingerprint >>> 0
  }

  enqueue(task: () => void, group: ProcessGroup): void {
    if (this.#closed) return
    this.#tasks.push(task)
    this.#groups.push(group)
  }

  preempts(): boolean {
    if (--this.#opsLeft > 0) return false
    if (!this.#closed) this.#opsLeft = this.#drawOps()
    return true
  }

  /** Runs one task of a process that runs; false when there is none left. */
  runNext(): boolean {
    while (this.#head < this.#tasks.length) {
      const ready = this.#tasks.length - this.#head
      const choice = ready === 1 ? 0 : this.#random.below(Math.min(this.#window, ready))
      this.#fingerprint = Math.imul(this.#fingerprint ^ (ready * 31 + choice), 0x01000193)
      if (this.#run(this.#head + choice)) return true
    }
    return false
  }

  /** Ends the run: what wakes up later, from a promise or a timer, never runs on. */
  close(): void {
    this.#closed = true
    this.#opsLeft = 0
    this.#tasks = []
    this.#groups = []
    this.#head = 0
  }

  /** Takes the task at this place out of the list; the first one moves to its place. */
  #run(place: number): boolean {
    const task = this.#tasks[place] as () => void
    const group = this.#groups[place] as ProcessGroup
    this.#tasks[place] = this.#tasks[this.#head]
    this.#groups[place] = this.#groups[this.#head] as ProcessGroup
    this.#tasks[this.#head++] = undefined
    if (this.#head === this.#tasks.length) this.#forget(this.#head)
    else if (this.#head > spentMax && this.#head * 2 > this.#tasks.length) this.#forget(this.#head)
    return group.admit(task)
  }

  #forget(spent: number): void {
    if (spent === this.#tasks.length) {
      this.#tasks.length = 0
      this.#groups.length = 0
    } else {
      this.#tasks.splice(0, spent)
      this.#groups.splice(0, spent)
    }
    this.#head = 0
  }

  #drawOps(): number {
    return Number.isFinite(this.#preemption)
      ? 1 + this.#random.below(2 * this.#preemption)
      : Number.POSITIVE_INFINITY
  }
}
