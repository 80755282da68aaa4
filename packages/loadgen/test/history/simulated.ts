/** Histories of a stock that is right, made by letting each operation happen at one moment. */

import type { Operation, Verb } from "../../src/history/Operation.ts"
import { effectOf, type Units } from "../../src/history/StockModel.ts"
import type { Recorded } from "../../src/history/Timeline.ts"

/** An operation before anybody knows its answer. */
export interface Plan {
  readonly op: Verb
  readonly qty: number
  readonly call: number
  /** From the call to the moment that it happens, and from there to the return. */
  readonly wait: number
  readonly rest: number
  readonly fate: "answered" | "lost" | "never"
}

/** Lets the plans happen one at a time, each at its moment, and tells what was answered. */
export const happen = (plans: ReadonlyArray<Plan>, sku = "A"): ReadonlyArray<Operation> => {
  const units: [number, number, number] = [0, 0, 0]
  const moments = plans.map((plan, client) => ({ plan, client, at: plan.call + plan.wait }))
  return moments
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, client, plan: { call, fate, op, qty, rest } }): Operation => {
      const units0: Units = [...units]
      const effect = effectOf({ op, qty })
      const next = units.map((count, counter) => count + (effect[counter] ?? 0))
      const ok = next.every((count) => count >= 0)
      if (ok && fate !== "never") [units[0], units[1], units[2]] = next as [number, number, number]
      const isLost = fate !== "answered"
      return {
        client,
        callNs: BigInt(call),
        retNs: isLost ? null : BigInt(at + rest),
        op,
        sku,
        qty: op === "read" ? 0 : qty,
        ok: ok && !isLost,
        val: op === "read" && !isLost ? units0[0] : null,
        unknown: isLost
      }
    })
}

export const asRecorded = (operations: ReadonlyArray<Operation>): ReadonlyArray<Recorded> =>
  operations.map((operation, index) => ({ line: index + 1, operation }))

/** A random number generator that gives the same numbers for the same seed. */
const chance = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
}

/** A sale: so many clients at once, who reserve most, and release, commit and look. */
export const sale = (
  seed: number,
  count: number,
  clients: number,
  qtyMax: number,
  stock: number
) => {
  const upTo = chance(seed)
  const verbs: ReadonlyArray<Verb> = ["reserve", "reserve", "reserve", "release", "commit", "read"]
  const free = Array.from({ length: clients }, () => 10)
  const receipt: Plan = { op: "receive", qty: stock, call: 0, wait: 1, rest: 1, fate: "answered" }
  const plans = Array.from({ length: count }, (_, index): Plan => {
    const client = index % clients
    const call = (free[client] ?? 0) + upTo(20)
    const [wait, rest] = [1 + upTo(40), 1 + upTo(40)]
    free[client] = call + wait + rest + 1
    const op = verbs[upTo(verbs.length)] ?? "read"
    return { op, qty: 1 + upTo(qtyMax), call, wait, rest, fate: "answered" }
  })
  return happen([receipt, ...plans])
}
