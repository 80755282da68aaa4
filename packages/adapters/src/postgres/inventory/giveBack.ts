import type { ReturnOutcome, ReturnRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import { integer, plainArray, type Row, text } from "../rows.ts"
import * as statements from "./statements.ts"

/** Units that are sold on one reservation row and not yet given back. */
interface Sold {
  readonly key: StockKey
  readonly segment: number
  readonly orderId: string
  units: number
  returned: number
}

interface Noted {
  readonly returnId: string
  readonly sold: Sold
  readonly units: number
}

const soldOf = (rows: ReadonlyArray<Row>): ReadonlyMap<string, ReadonlyArray<Sold>> =>
  Map.groupBy(
    rows
      .filter((row) => row["state"] === "committed")
      .map((row) => ({
        key: text(row, "sku") as StockKey,
        segment: integer(row, "segment"),
        orderId: text(row, "order_id"),
        units: integer(row, "quantity") - integer(row, "returned"),
        returned: 0
      })),
    ({ key, orderId }) => `${orderId} ${key}`
  )

type SoldLines = ReturnType<typeof soldOf>

const rowsOf = (sold: SoldLines, orderId: string, key: StockKey) =>
  sold.get(`${orderId} ${key}`) ?? []

/** Takes the units of one return from its order's rows, segment by segment. */
const bring = (request: ReturnRequest, sold: SoldLines): ReadonlyArray<Noted> =>
  request.lines.flatMap(({ key, quantity }) => {
    const noted: Array<Noted> = []
    let left = quantity
    for (const row of rowsOf(sold, request.orderId, key)) {
      const units = Math.min(left, row.units)
      if (units === 0) continue
      row.units -= units
      row.returned += units
      left -= units
      noted.push({ returnId: request.returnId, sold: row, units })
    }
    return noted
  })

const exceeding = (request: ReturnRequest, sold: SoldLines) =>
  request.lines.find(({ key, quantity }) => {
    const rows = rowsOf(sold, request.orderId, key)
    return rows.reduce((sum, { units }) => sum + units, 0) < quantity
  })

/** Judges the returns in their order; `done` grows by those that are accepted. */
const judge = (batch: ReadonlyArray<ReturnRequest>, done: Set<string>, sold: SoldLines) => {
  const noted: Array<Noted> = []
  const outcomes = batch.map((request): ReturnOutcome => {
    if (done.has(request.returnId)) return { _tag: "Returned" }
    const tooMuch = exceeding(request, sold)
    if (tooMuch !== undefined) return { _tag: "ExceedsSold", key: tooMuch.key }
    noted.push(...bring(request, sold))
    done.add(request.returnId)
    return { _tag: "Returned" }
  })
  return { noted, outcomes }
}

const columns = (noted: ReadonlyArray<Noted>, sold: SoldLines): ReadonlyArray<unknown> => {
  const raised = [...sold.values()].flat().filter(({ returned }) => returned > 0)
  const perRow = Map.groupBy(raised, ({ key, segment }) => `${segment} ${key}`)
  const rows = [...perRow.values()].map((own) => ({
    key: own[0]?.key,
    segment: own[0]?.segment ?? 0,
    units: own.reduce((sum, { returned }) => sum + returned, 0)
  }))
  return [
    plainArray(noted.map(({ returnId }) => returnId)),
    noted.map((note) => note.sold.key),
    plainArray(noted.map((note) => note.sold.segment)),
    plainArray(noted.map((note) => note.sold.orderId)),
    plainArray(noted.map(({ units }) => units)),
    raised.map(({ key }) => key),
    plainArray(raised.map(({ segment }) => segment)),
    plainArray(raised.map(({ orderId }) => orderId)),
    plainArray(raised.map(({ returned }) => returned)),
    rows.map(({ key }) => key),
    plainArray(rows.map(({ segment }) => segment)),
    plainArray(rows.map(({ units }) => units))
  ]
}

/** Two round trips: lock and look, then write and commit. */
export const giveBack = Effect.fnUntraced(function* (
  database: Database,
  batch: ReadonlyArray<ReturnRequest>
) {
  if (batch.length === 0) return []
  const lines = batch.flatMap(({ lines, orderId }) => lines.map(({ key }) => ({ key, orderId })))
  // A reservation that two returns name must come once, or its units would count twice.
  const named = [...new Map(lines.map((line) => [`${line.orderId} ${line.key}`, line])).values()]
  return yield* database.transaction("inventory.give_back", (transaction) =>
    Effect.gen(function* () {
      const [, before = [], rows = []] = yield* transaction.flight([
        [statements.lock, [[...new Set(lines.map(({ key }) => key))].sort()]],
        [statements.returns, [plainArray(batch.map(({ returnId }) => returnId))]],
        [
          statements.reservations,
          [plainArray(named.map(({ orderId }) => orderId)), named.map(({ key }) => key)]
        ]
      ])
      const sold = soldOf(rows)
      const done = new Set(before.map((row) => text(row, "return_id")))
      const { noted, outcomes } = judge(batch, done, sold)
      if (noted.length > 0) {
        yield* transaction.finish(statements.giveBack, columns(noted, sold))
      }
      return outcomes
    })
  )
})
