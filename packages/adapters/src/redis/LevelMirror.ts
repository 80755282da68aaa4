import type { StockKey } from "@doorbuster/core/inventory/StockKey"

/** How long something heard is believed, milliseconds. */
const believedMs = 5_000

/** The counters of the gate as this process last heard of them. */
export class LevelMirror {
  readonly #now: () => number
  readonly #heard = new Map<StockKey, { readonly available: number; readonly until: number }>()
  #sweepAt: number

  constructor(now: () => number) {
    this.#now = now
    this.#sweepAt = now() + believedMs
  }

  hear(key: StockKey, available: number): void {
    const now = this.#now()
    if (now >= this.#sweepAt) this.#sweep(now)
    this.#heard.set(key, { available, until: now + believedMs })
  }

  forget(key: StockKey): void {
    this.#heard.delete(key)
  }

  forgetAll(): void {
    this.#heard.clear()
  }

  get(key: StockKey): number | undefined {
    const heard = this.#heard.get(key)
    return heard !== undefined && this.#now() < heard.until ? heard.available : undefined
  }

  get size(): number {
    return this.#heard.size
  }

  keys(): ReadonlyArray<StockKey> {
    this.#sweep(this.#now())
    return [...this.#heard.keys()]
  }

  #sweep(now: number): void {
    this.#sweepAt = now + believedMs
    for (const [key, { until }] of this.#heard) if (now >= until) this.#heard.delete(key)
  }
}
