import type { StockKey } from "../inventory/StockKey.ts"
import type { GateSettings } from "./GateSettings.ts"

interface Watched {
  /** What the record of the stock had, when it was last heard; null before that. */
  recorded: number | null
  /** Somebody wanted it since the last period. */
  wanted: boolean
  idlePeriods: number
  plentyPeriods: number
}

/**
 * The keys whose counters this process keeps, and how much each of them still needs it. A key is
 * let go only after it has been in plenty, or wanted by nobody, for a while: one that sells out
 * again at once would otherwise be taken up and dropped all the time.
 */
export class WatchList {
  readonly #keys = new Map<StockKey, Watched>()
  readonly #settings: GateSettings

  constructor(settings: GateSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#keys.size
  }

  get keys(): ReadonlyArray<StockKey> {
    return [...this.#keys.keys()]
  }

  has(key: StockKey): boolean {
    return this.#keys.has(key)
  }

  /** Notes that somebody wants units of the key; whether it is watched. */
  want(key: StockKey): boolean {
    const watched = this.#keys.get(key)
    if (watched === undefined) return false
    watched.wanted = true
    return true
  }

  /** False when there are too many already. */
  add(key: StockKey): boolean {
    if (this.#keys.has(key)) return true
    if (this.#keys.size >= this.#settings.keysMax) return false
    this.#keys.set(key, { recorded: null, wanted: true, idlePeriods: 0, plentyPeriods: 0 })
    return true
  }

  delete(key: StockKey): void {
    this.#keys.delete(key)
  }

  /** Notes what the record of the stock has of the key. */
  record(key: StockKey, available: number): void {
    const watched = this.#keys.get(key)
    if (watched !== undefined) watched.recorded = available
  }

  /** Whether the record, as it was last heard, has not so many units. */
  isShort(key: StockKey, quantity: number): boolean {
    const recorded = this.#keys.get(key)?.recorded ?? null
    return recorded !== null && recorded < quantity
  }

  /**
   * Ends a period for a key with so many units; whether it needs guarding no more, because it is in
   * plenty, or because nobody here wants it.
   */
  endPeriod(key: StockKey, available: number): "plenty" | "idle" | undefined {
    const watched = this.#keys.get(key)
    if (watched === undefined) return undefined
    const { idlePeriods, plentyPeriods, plentyUnits } = this.#settings
    watched.idlePeriods = watched.wanted ? 0 : watched.idlePeriods + 1
    watched.wanted = false
    watched.plentyPeriods = available >= plentyUnits ? watched.plentyPeriods + 1 : 0
    if (watched.plentyPeriods >= plentyPeriods) return "plenty"
    return watched.idlePeriods >= idlePeriods ? "idle" : undefined
  }
}
