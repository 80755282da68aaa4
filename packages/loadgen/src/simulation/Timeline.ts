/** A figure over time: what it was between two moments. */
export class Timeline {
  readonly #times: Array<number> = []
  readonly #values: Array<bigint> = []

  set(at: number, value: bigint): void {
    this.#times.push(at)
    this.#values.push(value)
  }

  /**
   * Every value that it had from `from` to `to`, both included, in order. A change at `from` itself
   * may have come after the question, and one at `to` before the answer: both sides of it count.
   */
  between(from: number, to: number): ReadonlyArray<bigint> {
    let first = this.#times.length - 1
    while (first > 0 && (this.#times[first] as number) >= from) first--
    const found: Array<bigint> = []
    for (let i = Math.max(0, first); i < this.#times.length; i++) {
      if ((this.#times[i] as number) > to) break
      found.push(this.#values[i] as bigint)
    }
    return found
  }
}
