import type { Rendered } from "./Rendered.ts"

interface Page {
  readonly answer: Rendered
  readonly bytes: number
  readonly madeAt: number
  /** Somebody makes it anew. */
  isRemade: boolean
}

/** How long a page is served without a question, milliseconds. */
const freshMs = 1_000
/** How long it is served while somebody makes it anew. */
const staleMs = 2_000

const pagesMax = 2_000
const bytesMax = 16 * 2 ** 20
const pageBytesMax = bytesMax / 16

/** Text may need two bytes a letter. */
const bytesOf = ({ body, head }: Rendered): number =>
  body.length * (typeof body === "string" ? 2 : 1) + head.join("").length * 2

/** Rendered answers by address, none of them older than two seconds. */
export class PageCache {
  readonly #pages = new Map<string, Page>()
  #bytes = 0
  #generation = 0

  /** Another one than before: what was being rendered meanwhile may be out of date already. */
  get generation(): number {
    return this.#generation
  }

  /** Undefined: whoever asked makes it anew and stores it. */
  find(address: string, nowMs: number): Rendered | undefined {
    const page = this.#pages.get(address)
    if (page === undefined) return undefined
    const ageMs = nowMs - page.madeAt
    if (ageMs < freshMs || (page.isRemade && ageMs < staleMs)) return page.answer
    page.isRemade = true
    return undefined
  }

  /** `generation`: the one in which the answer began to be made. */
  store(address: string, answer: Rendered, madeAt: number, generation: number): void {
    this.delete(address)
    const bytes = bytesOf(answer)
    if (generation !== this.#generation || bytes > pageBytesMax) return
    this.#pages.set(address, { answer, bytes, madeAt, isRemade: false })
    this.#bytes += bytes
    // The first ones are those that were made longest ago.
    for (const eldest of this.#pages.keys()) {
      if (this.#pages.size <= pagesMax && this.#bytes <= bytesMax) break
      this.delete(eldest)
    }
  }

  delete(address: string): void {
    this.#bytes -= this.#pages.get(address)?.bytes ?? 0
    this.#pages.delete(address)
  }

  clear(): void {
    this.#pages.clear()
    this.#bytes = 0
    this.#generation++
  }
}
