import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/sagaStatements.ts"
import type { Handler } from "../Execution.ts"
import { nullableTexts, texts, times, uuids } from "../parameters.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import { joined } from "./rows.ts"
import { unnest } from "./unnest.ts"

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The arrays of `open`, row by row. */
const requestsOf = (parameters: ReadonlyArray<unknown>) => {
  const [ids, kinds, orderIds, accounts, keys, prints, payloads, workers, ats, deadlines] =
    parameters
  return unnest(
    uuids(ids),
    texts(kinds),
    uuids(orderIds),
    texts(accounts),
    nullableTexts(keys),
    texts(prints),
    nullableTexts(payloads),
    nullableTexts(workers),
    times(ats),
    times(deadlines)
  ).map(
    ([sagaId, kind, orderId, account, key, fingerprint, payload, owner, at, deadlineAt]) =>
      ({
        sagaId,
        kind,
        orderId,
        account,
        key,
        fingerprint,
        payload,
        owner,
        at,
        deadlineAt
      }) as const
  )
}

/**
 * The sort above the main query's scan takes in all of `input` first, and with the first key among
 * it all of `claimed`: every key is claimed before the first saga is written.
 */
const open = ({ keys, sagas }: OrdersTables): Handler =>
  function* (on, parameters) {
    const input = requestsOf(parameters).filter(
      ({ sagaId }) => on.read(sagas, sagaId) === undefined
    )
    const keyed = input
      .flatMap(({ key, ...item }) => (key === null ? [] : [{ ...item, key }]))
      .sort((a, b) => ascending(a.account, b.account) || ascending(a.key, b.key))
    const claimed = new Set<string>()
    for (const { account, at, fingerprint, key, orderId, sagaId } of keyed) {
      const row = { account, key, fingerprint, sagaId, orderId, createdAt: at }
      const standing = yield* on.insertOr(keys, { ...row, status: null, body: null })
      if (standing === undefined) claimed.add(sagaId)
    }
    const opened: Array<{ readonly saga_id: string }> = []
    const chosen = input.filter(({ key, sagaId }) => key === null || claimed.has(sagaId))
    for (const item of chosen.sort((a, b) => ascending(a.sagaId, b.sagaId))) {
      const { at, fingerprint: _, ...row } = item
      const standing = yield* on.insertOr(sagas, {
        ...row,
        state: "open",
        epoch: 1,
        cancelRequested: false,
        runAfter: at,
        attempts: 0,
        lastError: null,
        openedAt: at,
        closedAt: null
      })
      if (standing === undefined) opened.push({ saga_id: item.sagaId })
    }
    return opened
  }

const losers =
  ({ keys, sagas }: OrdersTables): Handler =>
  (on, [ids, accounts, named]) =>
    unnest(uuids(ids), texts(accounts), nullableTexts(named)).map(([sagaId, account, key]) => {
      const holder = key === null ? undefined : on.read(keys, joined(account, key))
      return {
        opened: on.read(sagas, sagaId) !== undefined,
        holder: holder?.sagaId ?? null,
        fingerprint: holder?.fingerprint ?? null,
        status: holder?.status ?? null,
        body: holder?.body ?? null
      }
    })

const claimsOf =
  ({ keys }: OrdersTables): Handler =>
  (on, [accounts, named]) =>
    unnest(texts(accounts), texts(named)).map(([account, key]) => {
      const row = on.read(keys, joined(account, key))
      return {
        fingerprint: row?.fingerprint ?? null,
        status: row?.status ?? null,
        body: row?.body ?? null
      }
    })

/** How sagas begin and keys are claimed. */
export const openingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.open, open(tables)],
  [statements.losers, losers(tables)],
  [statements.claimsOf, claimsOf(tables)]
]
