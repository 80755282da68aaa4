/** `book`: payments, refunds, receipts, breaks and journal in one statement. */
import type { Statement } from "../../postgres/Database.ts"
import { book } from "../../postgres/money/journalStatements.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { amounts, booleans, integers, nullableTexts, texts, times, uuids } from "../parameters.ts"
import { entryRows, postingRows } from "./entryRows.ts"
import type { BreakRow, MoneyTables, PaymentRow, ReceiptRow } from "./MoneyTables.ts"
import { paymentSlots } from "./paymentStatements.ts"

type Parameters = ReadonlyArray<unknown>

const paymentChanges = (parameters: Parameters): ReadonlyMap<string, Partial<PaymentRow>> => {
  const states = texts(parameters[1])
  const epochs = integers(parameters[2])
  const reasons = nullableTexts(parameters[3])
  const [captured, unapplied, refunded, unappliedRefunded, taxRefunded, deferred] = [
    4, 5, 6, 7, 8, 9
  ].map((at) => amounts(parameters[at])) as [
    bigint[],
    bigint[],
    bigint[],
    bigint[],
    bigint[],
    bigint[]
  ]
  return new Map(
    uuids(parameters[0]).map((paymentId, i) => [
      paymentId,
      {
        state: states[i] as string,
        epoch: epochs[i] as number,
        declineReason: reasons[i] as string | null,
        captured: captured[i] as bigint,
        unapplied: unapplied[i] as bigint,
        refunded: refunded[i] as bigint,
        unappliedRefunded: unappliedRefunded[i] as bigint,
        taxRefunded: taxRefunded[i] as bigint,
        deferred: deferred[i] as bigint
      }
    ])
  )
}

const receiptRows = (parameters: Parameters): ReadonlyArray<ReceiptRow> => {
  const payments = uuids(parameters[13])
  const amount = amounts(parameters[14])
  const currencies = texts(parameters[15])
  const applied = booleans(parameters[16])
  const at = times(parameters[17])
  return texts(parameters[12]).map((captureId, i) => ({
    captureId,
    paymentId: payments[i] as string,
    amount: amount[i] as bigint,
    currency: currencies[i] as string,
    applied: applied[i] as boolean,
    occurredAt: at[i] as number
  }))
}

const breakRows = (parameters: Parameters): ReadonlyArray<BreakRow> => {
  const reasons = texts(parameters[19])
  const payments = uuids(parameters[20])
  const amount = amounts(parameters[21])
  const currencies = texts(parameters[22])
  const at = times(parameters[23])
  const notes = texts(parameters[24])
  return texts(parameters[18]).map((captureId, i) => ({
    breakId: `capture:${captureId}`,
    reasonCode: reasons[i] as string,
    paymentId: payments[i] as string,
    captureId,
    amount: amount[i] as bigint,
    currency: currencies[i] as string,
    at: at[i] as number,
    note: notes[i] as string
  }))
}

function* changePayments(on: Execution, tables: MoneyTables, parameters: Parameters): Doing<void> {
  const changes = paymentChanges(parameters)
  for (const slot of paymentSlots(on, tables, changes.keys())) {
    yield* on.update(
      slot,
      () => true,
      (row) => ({ ...row, ...changes.get(row.paymentId), updatedAt: on.now })
    )
  }
}

function* giveBack(on: Execution, tables: MoneyTables, parameters: Parameters): Doing<void> {
  const at = times(parameters[11])
  const given = new Map(uuids(parameters[10]).map((id, i) => [id, at[i] as number]))
  for (const [id, refundedAt] of given) {
    const slot = tables.refunds.slot(id)
    if (slot === undefined || on.seen(slot) === undefined) continue
    yield* on.update(
      slot,
      () => true,
      (row) => ({ ...row, state: "refunded", refundedAt })
    )
  }
}

/**
 * Nothing here yields to a twin: an id that stands is a violation. Postgres runs the statement
 * proper (the postings) first and then the parts in WITH from the last to the first.
 */
const handler = (tables: MoneyTables): Handler =>
  function* (on, parameters) {
    for (const row of postingRows(parameters.slice(32))) yield* on.insert(tables.postings, row)
    for (const row of entryRows(parameters.slice(25), on.now)) yield* on.insert(tables.entries, row)
    for (const row of breakRows(parameters)) yield* on.insert(tables.breaks, row)
    for (const row of receiptRows(parameters)) yield* on.insert(tables.receipts, row)
    yield* giveBack(on, tables, parameters)
    yield* changePayments(on, tables, parameters)
    return []
  }

export const bookHandlers = (tables: MoneyTables): ReadonlyArray<readonly [Statement, Handler]> => [
  [book, handler(tables)]
]
