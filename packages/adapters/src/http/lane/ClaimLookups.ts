import type { KeyOfAccount } from "@doorbuster/core/order/Sagas"

/** Whether somebody has claimed the key; undefined when it could not be found out. */
export type Found = (isClaimed: boolean | undefined) => void

/** Asks for all of these at once; answers in their order, or undefined. */
export type LookUp = (
  keys: ReadonlyArray<KeyOfAccount>,
  answer: (claimed: ReadonlyArray<boolean> | undefined) => void
) => void

interface Waiting extends KeyOfAccount {
  readonly found: Found
}

const batchMax = 512

/** While one batch is being looked up the next one fills, so a flood costs few questions. */
export class ClaimLookups {
  #waiting: Array<Waiting> = []
  #isAsking = false
  readonly #lookUp: LookUp
  readonly #patienceMs: number

  /** A batch that has no answer after `patienceMs` has failed, and the next one is asked for. */
  constructor(lookUp: LookUp, patienceMs: number) {
    this.#lookUp = lookUp
    this.#patienceMs = patienceMs
  }

  ask(waiting: Waiting): void {
    this.#waiting.push(waiting)
    if (this.#isAsking) return
    this.#isAsking = true
    // All that has arrived in this turn of the event loop goes together.
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    const batch = this.#waiting.splice(0, batchMax)
    let isOver = false
    const end = (claimed: ReadonlyArray<boolean> | undefined) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      if (this.#waiting.length > 0) setImmediate(() => this.#flush())
      else this.#isAsking = false
      for (const [at, { found }] of batch.entries()) found(claimed?.[at])
    }
    const timer = setTimeout(end, this.#patienceMs, undefined)
    this.#lookUp(batch, end)
  }
}
