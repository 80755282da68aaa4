/** What was answered, as lines that are equal when two servers did the same. */
import type { Statement } from "@doorbuster/adapters/postgres/Database"
import type { Row } from "@doorbuster/adapters/postgres/rows"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import type { StorageError } from "@doorbuster/core/StorageError"

const plain = (_: string, value: unknown): unknown => {
  if (typeof value === "bigint") return `${value}`
  if (value instanceof Map) return [...value]
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export const told = (value: unknown): string => JSON.stringify(value, plain) ?? "nothing"

/** Whose order leaves open which of several rows comes first. */
const partlyOrdered = new Set(["inventory_reservations"])

/** An order that holds for the rows that are answered, not for those that are written. */
const isOrdered = ({ name, text }: Statement): boolean =>
  /order by[^()]*$/i.test(text) && !partlyOrdered.has(name)

/** A void result and a row without columns tell nothing. */
const tells = (row: Row): boolean => Object.values(row).some((value) => value !== "")

const rowsOf = ([statement]: Call, rows: ReadonlyArray<Row>): string => {
  const lines = rows.filter(tells).map(told)
  return (isOrdered(statement) ? lines : lines.sort()).join(" ")
}

export const answerOf = (
  calls: ReadonlyArray<Call>,
  rows: ReadonlyArray<ReadonlyArray<Row>>
): string => calls.map((call, i) => `[${rowsOf(call, rows[i] ?? [])}]`).join(" ")

/** SQLSTATE, or what else went wrong. */
export const errorOf = ({ detail }: StorageError): string =>
  /^([0-9A-Z]{5}): /.exec(detail)?.[1] ?? detail
