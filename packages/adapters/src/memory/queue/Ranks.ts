/** Which of the numbers 1, 2, 3, … are in, and how many of them are below another: O(log n). */
export class Ranks {
  /** A Fenwick tree: node `i` counts the numbers in the `i & -i` places that end at `i`. */
  #tree: Array<number> = [0]

  /** Makes room for the next number and answers with it; it is in. */
  append(): number {
    const next = this.#tree.length
    let below = 0
    for (let step = 1; step < (next & -next); step <<= 1) below += this.#tree[next - step] ?? 0
    this.#tree.push(below + 1)
    return next
  }

  remove(number: number): void {
    for (let i = number; i < this.#tree.length; i += i & -i) {
      this.#tree[i] = (this.#tree[i] ?? 0) - 1
    }
  }

  /** Of those that are in, how many are at most `number`. */
  upTo(number: number): number {
    let count = 0
    for (let i = number; i > 0; i -= i & -i) count += this.#tree[i] ?? 0
    return count
  }
}
