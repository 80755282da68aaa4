import {
  enterScript,
  leaveScript,
  listScript,
  setScript
} from "@doorbuster/adapters/redis/gateScripts"

interface Counter {
  level: number
  /** Epoch milliseconds. */
  readonly until: number
  /** What it was last set to. */
  readonly basis: number
}

type Reply = ReadonlyArray<number> | number

const notGuarded = -1

/**
 * What the gate keeps in Redis, and its scripts in TypeScript, each under its text: a script that
 * was changed is unknown here until its second form is.
 */
export class GateData {
  readonly #nowMs: () => number
  readonly #refused: (counter: string, basis: number) => void
  #counters = new Map<string, Counter>()
  /** Guarded keys by the end of their guard. */
  #listed = new Map<string, number>()

  /** `refused`: a counter did not reach for a request. */
  constructor(nowMs: () => number, refused: (counter: string, basis: number) => void) {
    this.#nowMs = nowMs
    this.#refused = refused
  }

  eval(script: string, keys: ReadonlyArray<string>, args: ReadonlyArray<unknown>): Reply {
    switch (script) {
      case enterScript:
        return this.#enter(keys, args.map(Number))
      case leaveScript:
        return keys.map((key, i) => this.#leave(key, Number(args[i])))
      case setScript: {
        const until = this.#nowMs() + Number(args[0])
        for (const [i, key] of keys.entries()) {
          const basis = Number(args[i + 1])
          this.#counters.set(key, { level: basis, basis, until })
        }
        return keys.length
      }
      case listScript:
        return this.#list(args)
      default:
        throw new TypeError(`the simulated Redis has no second form of ${script}`)
    }
  }

  unlink(keys: ReadonlyArray<string>): number {
    return keys.filter((key) => this.#counters.delete(key)).length
  }

  unlist(names: ReadonlyArray<string>): number {
    return names.filter((name) => this.#listed.delete(name)).length
  }

  /** Names whose guard ends at `from` or later. */
  listed(from: number): ReadonlyArray<string> {
    return [...this.#listed].filter(([, until]) => until >= from).map(([name]) => name)
  }

  flush(): void {
    this.#counters = new Map()
    this.#listed = new Map()
  }

  /** Answers how to bring back what there is now. */
  snapshot(): () => void {
    const counters = [...this.#counters].map(([key, counter]) => [key, { ...counter }] as const)
    const listed = [...this.#listed]
    return () => {
      this.#counters = new Map(counters.map(([key, counter]) => [key, { ...counter }]))
      this.#listed = new Map(listed)
    }
  }

  #find(key: string): Counter | undefined {
    const counter = this.#counters.get(key)
    if (counter === undefined || this.#nowMs() < counter.until) return counter
    this.#counters.delete(key)
    return undefined
  }

  #enter(keys: ReadonlyArray<string>, args: ReadonlyArray<number>): ReadonlyArray<number> {
    const counters = keys.map((key) => this.#find(key))
    const answers: Array<number> = []
    for (let at = 0; at < args.length; ) {
      const count = args[at] ?? 0
      const lines = Array.from({ length: count }, (_, line) => {
        const index = (args[at + line * 2 + 1] ?? 0) - 1
        const quantity = args[at + line * 2 + 2] ?? 0
        return { key: keys[index] ?? "", counter: counters[index], quantity }
      })
      at += count * 2 + 1
      const short = lines.findIndex(
        ({ counter, quantity }) => counter !== undefined && counter.level < quantity
      )
      const refused = lines[short]
      if (refused?.counter !== undefined) {
        answers.push(short + 1, Math.max(refused.counter.level, 0))
        this.#refused(refused.key, refused.counter.basis)
        continue
      }
      answers.push(0)
      for (const { counter, quantity } of lines)
        if (counter !== undefined) counter.level -= quantity
    }
    const levels = counters.map((counter) =>
      counter === undefined ? notGuarded : Math.max(counter.level, 0)
    )
    return [...levels, ...answers]
  }

  #leave(key: string, quantity: number): number {
    const counter = this.#find(key)
    if (counter === undefined) return notGuarded
    counter.level += quantity
    return counter.level
  }

  #list([now, ...listed]: ReadonlyArray<unknown>): number {
    for (const [name, until] of this.#listed) if (until <= Number(now)) this.#listed.delete(name)
    for (let i = 0; i < listed.length; i += 2) {
      this.#listed.set(String(listed[i + 1]), Number(listed[i]))
    }
    return this.#listed.size
  }
}
