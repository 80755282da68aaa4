import type { Operation } from "./Operation.ts"
import type { Recorded } from "./Timeline.ts"

export type Verdict = "linearizable" | "not_linearizable" | "undecided"

/** An operation as the file has it, and its line. */
export interface ToldOperation {
  readonly line: number
  readonly client: Operation["client"]
  readonly op: Operation["op"]
  readonly qty: number
  readonly ok: boolean
  readonly val: number | null
  readonly call_ns: bigint
  readonly ret_ns: bigint | null
}

export const told = ({ line, operation }: Recorded): ToldOperation => {
  const { callNs, client, ok, op, qty, retNs, val } = operation
  return { line, client, op, qty, ok, val, call_ns: callNs, ret_ns: retNs }
}

/** Least and most units that a counter can have had, both inclusive. */
export type Range = readonly [least: number, most: number]

export interface SkuFailure {
  readonly sku: string
  readonly verdict: Exclude<Verdict, "linearizable">
  readonly operations: number
  /** Of these so many had returned before, and can be explained. */
  readonly explained: number
  /** The one whose answer fits nowhere; null when that is undecided. */
  readonly operation: ToldOperation | null
  /** What was under way with it: called, without an answer yet. */
  readonly under_way: ReadonlyArray<ToldOperation>
  /** Unknown operations called by then, each of which may have happened or not. */
  readonly unknown: number
  /** The stock as it can have been when the answer came. */
  readonly stock: Readonly<Record<"available" | "reserved" | "sold", Range>> | null
  /** A sentence for people. */
  readonly why: string
}

export interface HistoryReport {
  readonly ok: boolean
  readonly verdict: Verdict
  readonly operations: number
  readonly skus: number
  /** Configurations that were tried, over all SKUs. */
  readonly states: number
  readonly failures: ReadonlyArray<SkuFailure>
}
