import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/sagaStatements.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { integers, nullableIntegers, nullableTexts, texts, times, uuids } from "../parameters.ts"
import { answers, freeing } from "./answering.ts"
import { any, lockInOrder, Matches } from "./Matches.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { SagaRow } from "./rows.ts"
import { unnest } from "./unnest.ts"

/**
 * The fragment `closing` with its ten parameters: finds its rows at once, and answers how to write
 * them. Nothing refers to its three CTEs, so the executor runs them when the main query is over,
 * the last one first.
 */
export const closing = (
  on: Execution,
  { keys, sagas }: OrdersTables,
  parameters: ReadonlyArray<unknown>
) => {
  const [ids, epochs, ats, states, errors, accounts, named, sagaIds, statuses, bodies] = parameters
  const closed = new Matches<SagaRow>(on)
  for (const [sagaId, epoch, closedAt, state, lastError] of unnest(
    uuids(ids),
    integers(epochs),
    times(ats),
    texts(states),
    nullableTexts(errors)
  )) {
    closed.add(sagas.slot(sagaId), any, (row) => {
      const payload = state === "done" ? null : row.payload
      return { ...row, state, epoch, closedAt, lastError, owner: null, payload }
    })
  }
  const ends = unnest(
    texts(accounts),
    texts(named),
    uuids(sagaIds),
    nullableIntegers(statuses),
    nullableTexts(bodies)
  )
  const free = freeing(
    on,
    keys,
    ends.filter(([, , , status]) => status === null)
  )
  const answered = answers(
    on,
    keys,
    ends.filter(([, , , status]) => status !== null)
  )
  return function* (): Doing<void> {
    yield* answered.update()
    yield* free()
    yield* closed.update()
  }
}

/** How sagas are locked and end. */
export const closingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [
    statements.lock,
    function* (on, [ids]) {
      const rows = yield* lockInOrder(on, tables.sagas, uuids(ids))
      return rows.map((row) => ({
        saga_id: row.sagaId,
        epoch: row.epoch,
        state: row.state,
        account: row.account,
        key: row.key,
        cancel_requested: row.cancelRequested
      }))
    }
  ],
  [
    statements.close,
    function* (on, parameters) {
      yield* closing(on, tables, parameters)()
      return [{}]
    }
  ]
]
