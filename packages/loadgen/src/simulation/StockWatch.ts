import type { StockRow } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import type { Judge } from "./Judge.ts"
import { Timeline } from "./Timeline.ts"

/**
 * Follows the stock, commit by commit: it never promises more than it has, and a buyer who is told
 * that it is gone is told the truth.
 */
export class StockWatch {
  readonly #judge: Judge
  readonly #nowMs: () => number
  readonly #available = new Map<string, Timeline>()
  /** Units on sale of each segment, by SKU. */
  readonly #segments = new Map<string, Map<number, number>>()

  constructor(judge: Judge, nowMs: () => number) {
    this.#judge = judge
    this.#nowMs = nowMs
  }

  /** Segments that change together are seen together: between them units are on no row. */
  committed(rows: ReadonlyArray<StockRow>): void {
    const touched = new Set<string>()
    for (const { received, reserved, segment, sku, sold } of rows) {
      const available = received - reserved - sold
      if (available < 0 || reserved < 0 || sold < 0) {
        const figures = `received ${received}, reserved ${reserved}, sold ${sold}`
        const detail = `segment ${segment}: ${figures}`
        this.#judge.find("stock.never_oversold", sku, detail)
      }
      const segments = this.#segments.get(sku) ?? new Map<number, number>()
      this.#segments.set(sku, segments.set(segment, available))
      touched.add(sku)
    }
    for (const sku of touched) {
      const segments = this.#segments.get(sku)?.values() ?? []
      const timeline = this.#available.get(sku) ?? new Timeline()
      const units = [...segments].reduce((sum, available) => sum + available, 0)
      timeline.set(this.#nowMs(), BigInt(units))
      this.#available.set(sku, timeline)
    }
  }

  /** The fewest units on sale at any moment since `from`; null for what was never stocked. */
  leastSince(sku: string, from: number): bigint | null {
    const seen = this.#available.get(sku)?.between(from, this.#nowMs()) ?? []
    return seen.reduce<bigint | null>(
      (least, units) => (least === null || units < least ? units : least),
      null
    )
  }

  /**
   * At some moment since `from` there must have been too little for the units that were requested
   * and those that rivals wanted first.
   */
  judgeRefusal(
    subject: string,
    {
      rivals,
      sku,
      units
    }: { readonly sku: string; readonly units: number; readonly rivals: number },
    from: number
  ): void {
    const wanted = BigInt(units + rivals)
    const seen = this.#available.get(sku)?.between(from, this.#nowMs())
    if (seen === undefined || seen.some((available) => available < wanted)) return
    const least = seen.reduce((a, b) => (a < b ? a : b), seen[0] ?? 0n)
    const detail = `${units} of ${sku} were refused while ${least} or more were on sale`
    this.#judge.find("told.sold_out", subject, detail)
  }
}
