import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import { defaultStrategy, type StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import type { ChosenStrategies } from "./chosenStrategies.ts"
import { allowancesClash } from "./demand.ts"
import { inRuns } from "./runs.ts"
import { fence } from "./settle.ts"
import { takes } from "./takes.ts"

interface Group {
  readonly strategy: StockStrategy
  readonly requests: ReadonlyArray<ReserveRequest>
}

type Chosen = ReadonlyMap<string, StockStrategy>

/** The strategy of an order's keys; orders with keys of several kinds are taken under locks. */
const strategyOf = ({ lines }: ReserveRequest, chosen: Chosen): StockStrategy => {
  const [first, ...rest] = new Set(lines.map(({ key }) => chosen.get(key) ?? defaultStrategy))
  return rest.length > 0 ? "pessimistic" : (first ?? defaultStrategy)
}

/** How many of the groups each key occurs in, at most. */
const groupsPerKey = (groups: ReadonlyArray<Group>): number => {
  const counts = new Map<string, number>()
  for (const { requests } of groups) {
    for (const key of new Set(requests.flatMap(({ lines }) => lines.map((line) => line.key)))) {
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return Math.max(0, ...counts.values())
}

/**
 * One group per strategy. Groups are written one after the other, which must not change who comes
 * first: where two of them want the same key, all are taken together, under locks.
 */
const grouped = (requests: ReadonlyArray<ReserveRequest>, chosen: Chosen): ReadonlyArray<Group> => {
  if (chosen.size === 0) return [{ strategy: defaultStrategy, requests }]
  const byStrategy = Map.groupBy(requests, (request) => strategyOf(request, chosen))
  const groups = Array.from(byStrategy, ([strategy, own]) => ({ strategy, requests: own }))
  if (groups.length === 1 || groupsPerKey(groups) <= 1) return groups
  return [{ strategy: "pessimistic", requests }]
}

const isRefused = ({ _tag }: ReserveOutcome) => _tag === "OutOfStock" || _tag === "UnknownStock"

/** Positions of twins behind a refusal: it is not remembered, so they are judged anew. */
const refusedTwins = (
  batch: ReadonlyArray<ReserveRequest>,
  outcomes: ReadonlyArray<ReserveOutcome>
): ReadonlyArray<number> => {
  const refused = new Set<OrderId>()
  const twins: Array<number> = []
  for (const [position, outcome] of outcomes.entries()) {
    const orderId = batch[position]?.orderId as OrderId
    if (!isRefused(outcome)) continue
    if (refused.has(orderId)) twins.push(position)
    refused.add(orderId)
  }
  return twins
}

export const reserve = Effect.fnUntraced(function* (
  database: Database,
  strategies: ChosenStrategies,
  batch: ReadonlyArray<ReserveRequest>
) {
  if (batch.length === 0) return []
  const chosen = yield* strategies.current

  const answer = Effect.fnUntraced(function* (run: ReadonlyArray<ReserveRequest>) {
    const outcomes = new Map<ReserveRequest, ReserveOutcome>()
    for (const { requests, strategy } of grouped(run, chosen)) {
      const taken = yield* takes[strategy](database, requests)
      yield* fence(database, taken.overtaken)
      for (const [i, request] of requests.entries()) {
        outcomes.set(request, taken.outcomes[i] as ReserveOutcome)
      }
    }
    return run.map((request) => outcomes.get(request) as ReserveOutcome)
  })

  const outcomes = yield* inRuns(batch, answer, allowancesClash(batch))
  const again = refusedTwins(batch, outcomes)
  const second = yield* inRuns(
    again.map((position) => batch[position] as ReserveRequest),
    answer
  )
  for (const [i, outcome] of second.entries()) outcomes[again[i] as number] = outcome
  return outcomes
})
