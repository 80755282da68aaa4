import type { ProcessGroup } from "./ProcessGroup.ts"

export interface Sleeper {
  /** Virtual milliseconds at which it wakes. */
  readonly dueMs: number
  /** Drawn by the seed: decides among those that are due together. */
  readonly lot: number
  readonly group: ProcessGroup
  /** Gone once it was woken or interrupted. */
  wake: (() => void) | undefined
}

/** Stale sleepers that are not worth a sweep. */
const staleMax = 64

const before = (a: Sleeper, b: Sleeper): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.lot < b.lot)

/**
 * A binary heap of sleepers, the earliest on top. One that is interrupted stays until it comes up
 * or until half of the heap is stale, which keeps every operation at O(log n).
 */
export class Sleepers {
  #heap: Array<Sleeper> = []
  #stale = 0

  get size(): number {
    return this.#heap.length
  }

  add(sleeper: Sleeper): void {
    this.#heap.push(sleeper)
    this.#rise(this.#heap.length - 1)
  }

  interrupt(sleeper: Sleeper): void {
    if (sleeper.wake === undefined) return
    sleeper.wake = undefined
    this.#stale++
    if (this.#stale > staleMax && this.#stale * 2 > this.#heap.length) this.sweep()
  }

  /** The earliest sleeper of a living process. */
  first(): Sleeper | undefined {
    for (;;) {
      const top = this.#heap[0]
      if (top === undefined) return undefined
      if (top.wake !== undefined && top.group.state !== "killed") return top
      if (top.wake === undefined) this.#stale--
      this.#dropTop()
    }
  }

  /** Takes out the one that `first` gave. */
  takeFirst(): void {
    this.#dropTop()
  }

  /** Forgets interrupted sleepers and those of killed processes. */
  sweep(): void {
    this.#heap = this.#heap.filter(
      ({ group, wake }) => wake !== undefined && group.state !== "killed"
    )
    this.#stale = 0
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index--) this.#sink(index)
  }

  clear(): void {
    this.#heap = []
    this.#stale = 0
  }

  #dropTop(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(from: number): void {
    const heap = this.#heap
    const moving = heap[from] as Sleeper
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!before(moving, heap[above] as Sleeper)) break
      heap[index] = heap[above] as Sleeper
      index = above
    }
    heap[index] = moving
  }

  #sink(from: number): void {
    const heap = this.#heap
    const moving = heap[from] as Sleeper
    let index = from
    for (;;) {
      let below = index * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && before(heap[below + 1] as Sleeper, heap[below] as Sleeper)) {
        below++
      }
      if (!before(heap[below] as Sleeper, moving)) break
      heap[index] = heap[below] as Sleeper
      index = below
    }
    heap[index] = moving
  }
}
