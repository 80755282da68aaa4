import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"

interface Owned {
  readonly orderId: OrderId
  readonly epoch: number
}

/** Part of a batch that one statement can answer: each order once. */
interface Run<Item> {
  readonly items: Array<Item>
  /** Where the answer of the item goes: twins share theirs. */
  readonly positions: Array<Array<number>>
  readonly places: Map<OrderId, number>
}

const emptyRun = <Item>(): Run<Item> => ({ items: [], positions: [], places: new Map() })

const split = <Item extends Owned>(
  batch: ReadonlyArray<Item>,
  clashes: (item: Item, run: ReadonlyArray<Item>) => boolean
): ReadonlyArray<Run<Item>> => {
  const runs: Array<Run<Item>> = []
  let run = emptyRun<Item>()
  for (const [position, item] of batch.entries()) {
    const place = run.places.get(item.orderId)
    if (place !== undefined && run.items[place]?.epoch === item.epoch) {
      run.positions[place]?.push(position)
      continue
    }
    if (place !== undefined || clashes(item, run.items)) {
      runs.push(run)
      run = emptyRun()
    }
    run.places.set(item.orderId, run.items.length)
    run.items.push(item)
    run.positions.push([position])
  }
  return run.items.length === 0 ? runs : [...runs, run]
}

/**
 * Answers a batch run by run. Twins (one order, one epoch) are asked once and share the answer; an
 * order that comes again with another epoch, or an item that `clashes` with the run so far, begins
 * a further run, so that it meets what the earlier ones have written.
 */
export const inRuns = Effect.fnUntraced(function* <Item extends Owned, Answer>(
  batch: ReadonlyArray<Item>,
  answer: (run: ReadonlyArray<Item>) => Effect.Effect<ReadonlyArray<Answer>, StorageError>,
  clashes: (item: Item, run: ReadonlyArray<Item>) => boolean = () => false
) {
  const answers: Array<Answer> = []
  for (const { items, positions } of split(batch, clashes)) {
    for (const [i, value] of (yield* answer(items)).entries()) {
      for (const position of positions[i] ?? []) answers[position] = value
    }
  }
  return answers
})
