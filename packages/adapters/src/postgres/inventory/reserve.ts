import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import { isAllowance } from "@doorbuster/core/inventory/StockKey"
import { defaultChoice, type StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import type { Chosen, ChosenStrategies } from "./chosenStrategies.ts"
import { decideUnderLocks } from "./decideUnderLocks.ts"
import { allowancesClash } from "./demand.ts"
import { inRuns } from "./runs.ts"
import { fence } from "./settle.ts"
import type { Take } from "./Take.ts"
import { takeInBatch } from "./takeInBatch.ts"
import { optimistic, pessimistic } from "./takeOneByOne.ts"

/** How orders are reserved, by the strategy of their keys. */
const takes: Readonly<Record<StockStrategy, Take>> = {
  pessimistic,
  optimistic,
  atomic: takeInBatch,
  segmented: takeInBatch,
  queued: takeInBatch
}

interface Group {
  readonly take: Take
  readonly requests: ReadonlyArray<ReserveRequest>
}

/**
 * How an order is taken; one with keys of several kinds is decided under locks. Coupon uses and
 * purchase limits are taken as the goods are that they come with.
 */
const takeOf = ({ lines }: ReserveRequest, chosen: Chosen): Take => {
  const goods = lines.filter(({ key }) => !isAllowance(key))
  const wanted = (goods.length > 0 ? goods : lines).map(
    ({ key }) => takes[(chosen.get(key) ?? defaultChoice).strategy]
  )
  const [first, ...rest] = new Set(wanted)
  return rest.length > 0 ? decideUnderLocks : (first ?? takeInBatch)
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
 * Orders that are taken in the same way. Groups are written one after the other, which must not
 * change who comes first: where two of them want the same key, all are decided together.
 */
const grouped = (requests: ReadonlyArray<ReserveRequest>, chosen: Chosen): ReadonlyArray<Group> => {
  if (chosen.size === 0) return [{ take: takeInBatch, requests }]
  const byTake = Map.groupBy(requests, (request) => takeOf(request, chosen))
  const groups = Array.from(byTake, ([take, own]) => ({ take, requests: own }))
  if (groups.length === 1 || groupsPerKey(groups) <= 1) return groups
  return [{ take: decideUnderLocks, requests }]
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
    for (const { requests, take } of grouped(run, chosen)) {
      const taken = yield* take(database, requests, chosen)
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
