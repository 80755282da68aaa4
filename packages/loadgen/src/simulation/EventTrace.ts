/** A hash of 53 bits over lines of text (two FNV-1a lanes of 32 bits, one fed backwards). */
export class TraceHash {
  #a = 0x811c9dc5
  #b = 0x9e3779b9

  add(line: string): void {
    let a = this.#a
    let b = this.#b
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ (code + at), 0x85ebca6b)
    }
    this.#a = a ^ (b >>> 15)
    this.#b = b ^ (a >>> 13)
  }

  /** 16 hexadecimal digits. */
  get digest(): string {
    const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0")
    return hex(this.#a) + hex(this.#b)
  }
}

const lastMax = 64

/**
 * What happened in a run, line by line: a hash of all, the last lines, and all of them for whoever
 * wants them. A line begins with the virtual milliseconds since the start.
 */
export class EventTrace {
  readonly #hash = new TraceHash()
  readonly #nowMs: () => number
  readonly #keep: ((line: string) => void) | null
  readonly #last: Array<string> = []
  #events = 0

  constructor(nowMs: () => number, keep: ((line: string) => void) | null) {
    this.#nowMs = nowMs
    this.#keep = keep
  }

  note(who: string, what: string): void {
    const line = `${this.#nowMs()} ${who} ${what}`
    this.#hash.add(line)
    this.#last[this.#events % lastMax] = line
    this.#events++
    this.#keep?.(line)
  }

  get events(): number {
    return this.#events
  }

  get last(): ReadonlyArray<string> {
    const at = this.#events % lastMax
    return [...this.#last.slice(at), ...this.#last.slice(0, at)]
  }

  get digest(): string {
    return this.#hash.digest
  }
}
