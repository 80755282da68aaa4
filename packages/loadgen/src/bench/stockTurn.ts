/** What a process of `store bench stock` is asked, and what it answers. */
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { Address } from "./BenchGround.ts"

export interface StockTurn {
  readonly address: Address
  readonly poolSize: number
  /** Each asking is for one unit of one of these. */
  readonly keys: ReadonlyArray<StockKey>
  readonly callers: number
  /** Epoch milliseconds at which all processes begin. */
  readonly startAt: number
  readonly warmupMs: number
  readonly measureMs: number
}

export interface StockTurnFigures {
  /** Units that were held, those of the warm-up included. */
  readonly held: number
  /** Askings that failed, although there were units. */
  readonly failed: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}
