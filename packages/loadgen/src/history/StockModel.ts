/**
 * The sequential specification: what one SKU's stock does when operations come one at a time.
 *
 * | operation | takes effect when | and then | is refused when |
 * | --- | --- | --- | --- |
 * | `reserve` | available >= qty | available to reserved | available < qty |
 * | `release` | reserved >= qty | reserved to available | reserved < qty |
 * | `commit` | reserved >= qty | reserved to sold | reserved < qty |
 * | `give_back` | sold >= qty | sold to available | sold < qty |
 * | `receive` | available + qty >= 0 | available grows by qty | available + qty < 0 |
 * | `read` | available = val | nothing | - |
 *
 * So every effect adds a constant to three counters that may not fall below zero, and everything
 * else is a look at one counter.
 */
import type { Operation } from "./Operation.ts"

export type Units = readonly [available: number, reserved: number, sold: number]

export const counterNames = ["available", "reserved", "sold"] as const
export type Counter = 0 | 1 | 2

/** The answer fits wherever this counter is within these bounds, which are inclusive. */
export interface Sight {
  readonly counter: Counter
  readonly min: number
  readonly max: number
}

/** What an operation other than a read adds to the counters. */
export const effectOf = ({ op, qty }: Pick<Operation, "op" | "qty">): Units => {
  switch (op) {
    case "reserve":
      return [-qty, qty, 0]
    case "release":
      return [qty, -qty, 0]
    case "commit":
      return [0, -qty, qty]
    case "give_back":
      return [qty, 0, -qty]
    case "receive":
      return [qty, 0, 0]
    case "read":
      return [0, 0, 0]
  }
}

/** The counter that an effect draws on, and so the one that can refuse it. */
export const sourceOf = (effect: Units): Counter => (effect[0] < 0 ? 0 : effect[1] < 0 ? 1 : 2)

/** What an answer without an effect says about the stock; undefined where it says nothing. */
export const sightOf = (operation: Operation): Sight | undefined => {
  const { ok, op, val } = operation
  if (op === "read") {
    return ok && val !== null ? { counter: 0, min: val, max: val } : undefined
  }
  const effect = effectOf(operation)
  const counter = op === "receive" ? 0 : sourceOf(effect)
  return { counter, min: 0, max: -effect[counter] - 1 }
}
