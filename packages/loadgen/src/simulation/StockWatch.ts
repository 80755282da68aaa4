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

  constructor(judge: Judge, nowMs: () => number) {
    this.#judge = judge
    this.#nowMs = nowMs
  }

  committed({ received, reserved, sku, sold }: StockRow): void {
    const available = received - reserved - sold
    if (available < 0 || reserved < 0 || sold < 0) {
      const detail = `received ${received}, reserved ${reserved}, sold ${sold}`
      this.#judge.find("stock.never_oversold", sku, detail)
    }
    const timeline = this.#available.get(sku) ?? new Timeline()
    timeline.set(this.#nowMs(), BigInt(available))
    this.#available.set(sku, timeline)
  }

  /** At some moment since `from` there must have been too little. */
  judgeRefusal(subject: string, sku: string, requested: number, from: number): void {
    const seen = this.#available.get(sku)?.between(from, this.#nowMs())
    if (seen === undefined || seen.some((units) => units < BigInt(requested))) return
    const least = seen.reduce((a, b) => (a < b ? a : b), seen[0] ?? 0n)
    const detail = `${requested} of ${sku} were refused while ${least} or more were on sale`
    this.#judge.find("told.sold_out", subject, detail)
  }
}
