/** What belongs into one call: in a cluster, keys of one slot; on one node, all of them. */
import { hashSlot } from "./hashSlot.ts"

/** Calls to different nodes that run side by side. */
export const slotConcurrency = 32

/** Groups by the slot of the item's key; groups by ascending slot, items in their order. */
export const bySlot = <A>(
  isCluster: boolean,
  items: Iterable<A>,
  keyOf: (item: A) => string
): ReadonlyArray<ReadonlyArray<A>> => {
  const groups = new Map<number, Array<A>>()
  for (const item of items) {
    const slot = isCluster ? hashSlot(keyOf(item)) : 0
    const group = groups.get(slot)
    if (group === undefined) groups.set(slot, [item])
    else group.push(item)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}

/** Cuts into runs of `max` weight together, each with at least one item. */
export const chunked = <A>(
  items: ReadonlyArray<A>,
  max: number,
  weight: (item: A) => number = () => 1
): ReadonlyArray<ReadonlyArray<A>> => {
  const chunks: Array<Array<A>> = []
  let room = 0
  for (const item of items) {
    room -= weight(item)
    if (room < 0 || chunks.length === 0) {
      chunks.push([])
      room = max - weight(item)
    }
    chunks.at(-1)?.push(item)
  }
  return chunks
}
