/** What a test has started, to be stopped in the opposite order. */
export class Cleanup {
  #steps: Array<() => Promise<unknown>> = []

  /** Keeps a thing, and how to be rid of it. */
  keep<A>(thing: A, rid: (thing: A) => Promise<unknown>): A {
    this.#steps.push(() => rid(thing))
    return thing
  }

  async run(): Promise<void> {
    const steps = this.#steps.toReversed()
    this.#steps = []
    for (const step of steps) await step()
  }
}
