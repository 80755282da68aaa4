import type { Sight, Units } from "./StockModel.ts"
import type { Timeline } from "./Timeline.ts"

const apply = 0
const wait = 1
const ripen = 2
const see = 3
const look = 4
const spare = 5
const early = 6
const late = 7

/**
 * How far an attempt to order a history has come: the stock, what is under way and not yet placed,
 * and what was placed before its return. It can be taken back to any earlier mark.
 *
 * Moves are numbers: a task's own, or `-1 - maybe` for an unknown operation.
 */
export class Configuration {
  /** The next event. */
  at = 0
  readonly units: [number, number, number]
  /** Tasks with an effect that are under way and not placed. */
  readonly waiting = new Set<number>()
  /** Tasks under way that look for something which has not been there yet. */
  readonly unseen = new Set<number>()
  /** Placed, not yet returned. */
  readonly placed = new Set<number>()
  /** Unknown operations that were called and are not placed, by kind. */
  readonly spares: Array<number>
  /** Units that all that waits or is spare can raise and lower each counter by. */
  readonly raise: [number, number, number] = [0, 0, 0]
  readonly lower: [number, number, number] = [0, 0, 0]
  readonly #timeline: Timeline
  readonly #trail: Array<number> = []

  constructor(timeline: Timeline, from: { readonly at: number; readonly units: Units }) {
    this.#timeline = timeline
    this.at = from.at
    this.units = [...from.units]
    this.spares = timeline.maybes.map(() => 0)
  }

  get mark(): number {
    return this.#trail.length
  }

  /** Nothing will be taken back to before this moment. */
  settle(): void {
    this.#trail.length = 0
  }

  effectOf(move: number): Units | null {
    const { maybes, tasks } = this.#timeline
    return move < 0 ? (maybes[-1 - move]?.effect ?? null) : (tasks[move]?.effect ?? null)
  }

  allows(move: number): boolean {
    const effect = this.effectOf(move)
    if (effect === null) return false
    const [available, reserved, sold] = this.units
    return available + effect[0] >= 0 && reserved + effect[1] >= 0 && sold + effect[2] >= 0
  }

  sees({ counter, max, min }: Sight): boolean {
    const units = this.units[counter]
    return units >= min && units <= max
  }

  /** Takes a call in. What it looks for may be there already. */
  call(task: number): void {
    const { sight } = this.#timeline.tasks[task] as Timeline["tasks"][number]
    if (sight === null) this.#do(wait, task)
    else if (this.sees(sight)) this.#do(early, task)
    else this.#do(look, task)
  }

  callMaybe(maybe: number): void {
    this.#do(spare, -1 - maybe)
  }

  /** Whether the task has been placed; then its return is taken in. */
  return(task: number): boolean {
    if (!this.placed.has(task)) return false
    this.#do(late, task)
    return true
  }

  /** Lets a move take effect now, and every open look that fits see it. */
  place(move: number): void {
    this.#do(ripen, move)
    this.#do(apply, move)
    if (move >= 0) this.#do(early, move)
    for (const task of this.unseen) {
      const { sight } = this.#timeline.tasks[task] as Timeline["tasks"][number]
      if (sight === null || !this.sees(sight)) continue
      this.#do(see, task)
      this.#do(early, task)
    }
  }

  undoTo(mark: number, at: number): void {
    while (this.#trail.length > mark) {
      const id = this.#trail.pop() as number
      this.#change(this.#trail.pop() as number, id, -1)
    }
    this.at = at
  }

  /** Equal for configurations with the same future. The stock follows from what was placed. */
  get key(): string {
    const ids = (set: ReadonlySet<number>) => [...set].toSorted((a, b) => a - b).join()
    const looked = ids(this.unseen)
    return `${this.at}|${ids(this.waiting)}|${looked}|${this.spares.join()}`
  }

  #do(action: number, id: number): void {
    this.#trail.push(action, id)
    this.#change(action, id, 1)
  }

  #change(action: number, id: number, sign: 1 | -1): void {
    const opposite = sign === 1 ? -1 : 1
    if (action === apply) this.#add(this.units, id, sign)
    else if (action === wait) this.#wait(id, sign)
    else if (action === spare) this.#spare(id, sign)
    else if (action === ripen && id < 0) this.#spare(id, opposite)
    else if (action === ripen) this.#wait(id, opposite)
    else if (action === look) member(this.unseen, id, sign > 0)
    else if (action === see) member(this.unseen, id, sign < 0)
    else if (action === early) member(this.placed, id, sign > 0)
    else member(this.placed, id, sign < 0)
  }

  #spare(move: number, sign: 1 | -1): void {
    this.#potential(move, sign)
    this.spares[-1 - move] = (this.spares[-1 - move] ?? 0) + sign
  }

  #wait(task: number, sign: 1 | -1): void {
    member(this.waiting, task, sign > 0)
    this.#potential(task, sign)
  }

  #potential(move: number, sign: 1 | -1): void {
    const effect = this.effectOf(move)
    effect?.forEach((units, counter) => {
      const sums = units > 0 ? this.raise : this.lower
      sums[counter as 0 | 1 | 2] += Math.abs(units) * sign
    })
  }

  #add(sums: [number, number, number], move: number, sign: 1 | -1): void {
    const effect = this.effectOf(move) ?? [0, 0, 0]
    for (const counter of [0, 1, 2] as const) sums[counter] += effect[counter] * sign
  }
}

const member = (set: Set<number>, id: number, isIn: boolean): void => {
  if (isIn) set.add(id)
  else set.delete(id)
}
