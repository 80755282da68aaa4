/**
 * Where several transactions wake up at once, a real server lets them race: each order is right.
 * This goes through the orders, one run after the other, until none is left.
 */
export class Choices {
  #chosen: Array<{ pick: number; readonly of: number }> = []
  #at = 0

  /** How many of these choices the run has met. */
  get made(): number {
    return this.#at
  }

  next<A>(items: ReadonlyArray<A>): ReadonlyArray<A> {
    const of = factorial(items.length)
    const chosen = this.#chosen[this.#at] ?? { pick: 0, of }
    this.#chosen[this.#at] = chosen
    this.#at += 1
    return permuted(items, chosen.pick)
  }

  /** Begins the next run; false when all of them were tried. */
  advance(): boolean {
    this.#chosen.length = this.#at
    this.#at = 0
    for (let last = this.#chosen.pop(); last !== undefined; last = this.#chosen.pop()) {
      if (last.pick + 1 >= last.of) continue
      this.#chosen.push({ ...last, pick: last.pick + 1 })
      return true
    }
    return false
  }
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** The `pick`-th order of the items; the first is their own. */
const permuted = <A>(items: ReadonlyArray<A>, pick: number): ReadonlyArray<A> => {
  const left = [...items]
  const order: Array<A> = []
  let rest = pick
  for (let n = items.length; n > 0; n--) {
    const block = factorial(n - 1)
    order.push(...left.splice(Math.floor(rest / block), 1))
    rest %= block
  }
  return order
}
