const patienceFirst = 150
const distanceFirst = 16
const distanceMax = 600

/**
 * Notices that a search gets no further, and says how far to go back. A choice that was wrong shows
 * only much later, where going back step by step would try everything in between first: so it goes
 * back ever further, and then around again with more patience.
 */
export class Stall {
  #reached: number
  #states = 0
  #patience = patienceFirst
  #distance = distanceFirst

  constructor(reached: number) {
    this.#reached = reached
  }

  /** Whether so many states have been tried since the last progress that it is time to go back. */
  isStuck(states: number, reached: number): boolean {
    if (reached > this.#reached) {
      this.#reached = reached
      this.#states = states
      this.#patience = patienceFirst
      this.#distance = distanceFirst
    }
    return states - this.#states > this.#patience
  }

  /** The event to go back to. */
  next(states: number): number {
    this.#states = states
    const to = this.#reached - this.#distance
    this.#distance *= 1.5
    if (this.#distance > distanceMax) {
      this.#distance = distanceFirst
      this.#patience *= 2
    }
    return to
  }
}
