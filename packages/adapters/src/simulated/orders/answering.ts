/** Answers and frees idempotency keys that are still unanswered and held by the saga named. */
import type { Doing, Execution } from "../Execution.ts"
import type { Slot, Table } from "../Table.ts"
import { Matches } from "./Matches.ts"
import { joined, type KeyRow } from "./rows.ts"

/** One row of the arrays (account, key, saga, status, body). */
export type KeyEnd = readonly [string, string, string, number | null, string | null]

const isUnanswered =
  (sagaId: string) =>
  (row: KeyRow): boolean =>
    row.sagaId === sagaId && row.status === null

/** The rows to answer; to be written by `update`. */
export const answers = (
  on: Execution,
  keys: Table<KeyRow>,
  ends: ReadonlyArray<KeyEnd>
): Matches<KeyRow> => {
  const matches = new Matches<KeyRow>(on)
  for (const [account, key, sagaId, status, body] of ends) {
    const slot = keys.slot(joined(account, key))
    matches.add(slot, isUnanswered(sagaId), (row) => ({ ...row, status, body }))
  }
  return matches
}

/** The rows to free, found at once; the answer deletes them. */
export const freeing = (on: Execution, keys: Table<KeyRow>, ends: ReadonlyArray<KeyEnd>) => {
  const found = new Map<Slot<KeyRow>, string>()
  for (const [account, key, sagaId] of ends) {
    const slot = keys.slot(joined(account, key))
    const row = on.seen(slot)
    if (slot === undefined || row === undefined || !isUnanswered(sagaId)(row)) continue
    if (!found.has(slot)) found.set(slot, sagaId)
  }
  return function* (): Doing<void> {
    for (const [slot, sagaId] of found) yield* on.delete(slot, isUnanswered(sagaId))
  }
}
