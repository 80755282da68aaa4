import type * as Random from "effect/Random"

const uint32Count = 0x1_0000_0000

/** FNV-1a: short, and good enough to tell names of streams apart. */
const hashOf = (name: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Spreads a uint32 over all 32 bits, so that neighbouring seeds have nothing in common. */
const splitMix32 = (state: number): number => {
  let mixed = (state + 0x9e3779b9) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}

/**
 * A stream of chance that is a function of a uint32 seed alone (generator: sfc32). It is an Effect
 * `Random` as well, and can be provided as one.
 */
export class SeededRandom implements Random.Random {
  readonly #seed: number
  readonly #name: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, name = "") {
    if (seed >>> 0 !== seed) throw new RangeError(`a seed is a uint32, not ${seed}`)
    this.#seed = seed
    this.#name = name
    this.#a = splitMix32(seed)
    this.#b = splitMix32(this.#a)
    this.#c = splitMix32(hashOf(name) ^ this.#b)
    for (let round = 0; round < 12; round++) this.nextUint32()
  }

  /**
   * A stream of its own. It depends on the seed and the names on the way to it, and not on what was
   * drawn: a new draw in one part of a simulation leaves every other part as it was.
   */
  fork(name: string): SeededRandom {
    return new SeededRandom(this.#seed, `${this.#name}/${name}`)
  }

  nextUint32(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }

  /** From 0 up to, and without, 1; 53 bits. */
  next(): number {
    const high = this.nextUint32() >>> 5
    return (high * 0x4000000 + (this.nextUint32() >>> 6)) / 0x20000000000000
  }

  /** An integer from 0 up to, and without, `count` (1 to 2^32). */
  below(count: number): number {
    if (!(count >= 1 && count <= uint32Count)) throw new RangeError(`nothing is below ${count}`)
    return Math.floor((this.nextUint32() * count) / uint32Count)
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<A>(choices: ReadonlyArray<A>): A {
    return choices[this.below(choices.length)] as A
  }

  nextDoubleUnsafe(): number {
    return this.next()
  }

  nextIntUnsafe(): number {
    return Math.trunc((this.next() * 2 - 1) * Number.MAX_SAFE_INTEGER)
  }
}
