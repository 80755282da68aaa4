import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Handler } from "../Execution.ts"
import { integers, uuids } from "../parameters.ts"
import type { FenceRow, InventoryTables } from "./InventoryTables.ts"
import { inOrder } from "./rows.ts"
import { settle, settlementOf } from "./settle.ts"

const fence = ({ fences }: InventoryTables): Handler =>
  function* (on, parameters) {
    const orders = uuids(parameters[0])
    const epochs = integers(parameters[1])
    for (const i of inOrder(orders)) {
      const row: FenceRow = {
        orderId: orders[i] as string,
        sagaEpoch: epochs[i] as number,
        state: "open",
        lines: 0,
        expiresAt: null
      }
      yield* on.upsert(
        fences,
        row,
        (standing) => ({ ...standing, sagaEpoch: row.sagaEpoch }),
        (standing) => standing.sagaEpoch < row.sagaEpoch
      )
    }
    return []
  }

/** Statements by which reservations end, or change their owner. */
export const settleStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [
    statements.settle,
    function* (on, parameters) {
      const foundAs = yield* settle(tables, on, settlementOf(parameters))
      // An aggregate over no rows is null.
      return [{ found_as: foundAs.length === 0 ? null : foundAs }]
    }
  ],
  [statements.fence, fence(tables)]
]
