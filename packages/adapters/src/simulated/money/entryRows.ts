/** Entries and postings out of a statement's parameters. */
import { amounts, integers, nullableUuids, texts, times } from "../parameters.ts"
import type { EntryRow, PostingRow } from "./MoneyTables.ts"

type Parameters = ReadonlyArray<unknown>

/** Out of seven parameters: ids, kinds, currencies, orders, payments, memos, times. */
export const entryRows = (parameters: Parameters, postedAt: number): ReadonlyArray<EntryRow> => {
  const kinds = texts(parameters[1])
  const currencies = texts(parameters[2])
  const orders = nullableUuids(parameters[3])
  const payments = nullableUuids(parameters[4])
  const memos = texts(parameters[5])
  const at = times(parameters[6])
  return texts(parameters[0]).map((entryId, i) => ({
    entryId,
    kind: kinds[i] as string,
    currency: currencies[i] as string,
    orderId: orders[i] as string | null,
    paymentId: payments[i] as string | null,
    memo: memos[i] as string,
    occurredAt: at[i] as number,
    postedAt
  }))
}

/** Out of four parameters: ids, numbers, accounts, amounts. */
export const postingRows = (parameters: Parameters): ReadonlyArray<PostingRow> => {
  const numbers = integers(parameters[1])
  const accounts = texts(parameters[2])
  const amount = amounts(parameters[3])
  return texts(parameters[0]).map((entryId, i) => ({
    entryId,
    postingNo: numbers[i] as number,
    account: accounts[i] as string,
    amount: amount[i] as bigint
  }))
}
