/**
 * The one place where values cross the border between Postgres and the program.
 *
 * - `bigint` columns arrive as numbers and beyond 2^53 as an error; amounts of money are selected
 *   with `::text` and read by `amount`, so they never pass through a float.
 * - `timestamptz` columns arrive as epoch milliseconds; `timestamp` makes the parameter.
 */
import pg from "pg"

export type Row = Readonly<Record<string, unknown>>

const int8Oid = 20
const timestamptzOid = 1184

const safeInteger = (text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`${text} is beyond 2^53: select this column as text`)
}

const parseDate: (text: string) => Date = pg.types.getTypeParser(timestamptzOid, "text")

const epochMillis = (text: string): number => Number(parseDate(text))

/** The type parsers of every connection that a `Database` opens. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (format !== "binary") {
      if (oid === int8Oid) return safeInteger
      if (oid === timestamptzOid) return epochMillis
    }
    return pg.types.getTypeParser(oid, format as "text")
  }) as typeof pg.types.getTypeParser
}

const mismatch = (row: Row, column: string, expected: string) =>
  new TypeError(`column "${column}" holds ${JSON.stringify(row[column])} instead of ${expected}`)

export const text = (row: Row, column: string): string => {
  const value = row[column]
  if (typeof value === "string") return value
  throw mismatch(row, column, "a text")
}

/** A whole number within 2^53: units, counters, epoch milliseconds. */
export const integer = (row: Row, column: string): number => {
  const value = row[column]
  if (Number.isSafeInteger(value)) return value as number
  throw mismatch(row, column, "a whole number")
}

export const boolean = (row: Row, column: string): boolean => {
  const value = row[column]
  if (typeof value === "boolean") return value
  throw mismatch(row, column, "true or false")
}

/** Minor units of money; the column must have been selected as text. */
export const amount = (row: Row, column: string): bigint => BigInt(text(row, column))

/** Reads a column that may be null with the reader for its type. */
export const nullable = <A>(
  read: (row: Row, column: string) => A,
  row: Row,
  column: string
): A | null => (row[column] === null ? null : read(row, column))

/** A calendar costs, and a batch is full of times of one second. */
let lastSecond = Number.NaN
let upToSecond = ""

/**
 * Epoch milliseconds as a `timestamptz` parameter; also good as an element of an array. What is
 * beyond any calendar goes on as it is, for Postgres to refuse as a bad value.
 */
export const timestamp = (epochMs: number): string => {
  const second = Math.floor(epochMs / 1000)
  if (second !== lastSecond) {
    const date = new Date(second * 1000)
    if (Number.isNaN(date.getTime())) return String(epochMs)
    lastSecond = second
    upToSecond = date.toISOString().slice(0, -4)
  }
  return `${upToSecond}${String(Math.floor(epochMs) - second * 1000).padStart(3, "0")}Z`
}

/**
 * An array parameter of numbers or UUIDs. They need no quotes, and a literal made in one go costs
 * a fraction of what the driver takes for one element after the other.
 */
export const plainArray = (values: ReadonlyArray<number | bigint | string>): string =>
  `{${values.join(",")}}`
