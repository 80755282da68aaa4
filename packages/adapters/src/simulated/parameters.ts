/**
 * Reads parameters as the adapters write them: array literals, or arrays of the driver's own. What
 * Postgres would refuse (a number that is none, a NUL in a text, a date beyond any calendar) is
 * refused here with the same SQLSTATE.
 */
import { ArrayParameter } from "../postgres/ArrayParameter.ts"
import { invalidText, outOfRange, SqlError } from "./SqlError.ts"

type Text = string | null

const unquoted = /^[^"\\]*$/

/** The elements of an array literal of one dimension. */
const elements = (literal: string): ReadonlyArray<Text> => {
  const inner = literal.slice(1, -1)
  if (inner === "") return []
  if (unquoted.test(inner)) {
    return inner.split(",").map((element) => (element === "NULL" ? null : element))
  }
  const found: Array<Text> = []
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] !== '"') {
      const end = inner.indexOf(",", at)
      const element = inner.slice(at, end < 0 ? inner.length : end)
      found.push(element === "NULL" ? null : element)
      at = end < 0 ? inner.length : end
      continue
    }
    let text = ""
    for (at++; inner[at] !== '"'; at++) {
      if (inner[at] === "\\") at++
      text += inner[at] as string
    }
    found.push(text)
    at++
  }
  return found
}

const raw = (parameter: unknown): ReadonlyArray<Text> => {
  if (parameter instanceof ArrayParameter) return parameter.texts
  if (typeof parameter === "string") return elements(parameter)
  if (parameter === null || parameter === undefined) return []
  return (parameter as ReadonlyArray<unknown>).map((value) => (value === null ? null : `${value}`))
}

const present = <A>(read: (value: string) => A, value: Text): A => {
  if (value === null) throw new SqlError("23502", "null value violates not-null constraint")
  return read(value)
}

const nul = String.fromCharCode(0)

export const asText = (value: unknown): string => {
  const text = `${value}`
  if (text.includes(nul)) {
    throw new SqlError("22021", 'invalid byte sequence for encoding "UTF8": 0x00')
  }
  return text
}

const whole = /^-?\d+$/
const bigintMax = 2n ** 63n - 1n
const integerMax = 2 ** 31 - 1

/** `bigint` as money: minor units. */
export const asAmount = (value: unknown): bigint => {
  const text = `${value}`
  if (!whole.test(text)) throw invalidText(`invalid input syntax for type bigint: "${text}"`)
  const amount = BigInt(text)
  if (amount > bigintMax || amount < -bigintMax - 1n) throw outOfRange("bigint")
  return amount
}

/** `bigint` as a counter; within 2^53, like everything the store counts. */
export const asUnits = (value: unknown): number => Number(asAmount(value))

/** `integer`. */
export const asInteger = (value: unknown): number => {
  const number = asUnits(value)
  if (number > integerMax || number < -integerMax - 1) throw outOfRange("integer")
  return number
}

/** What `timestamp` makes of a time within the years 1 to 9999; Postgres refuses its others. */
const calendarTime = /^(?!0000)\d{4}-\d\d-\d\dT/

/** `timestamptz` as epoch milliseconds. */
export const asTime = (value: unknown): number => {
  const time = calendarTime.test(`${value}`) ? Date.parse(`${value}`) : Number.NaN
  if (Number.isNaN(time)) {
    throw new SqlError(
      "22007",
      `invalid input syntax for type timestamp with time zone: "${value}"`
    )
  }
  return time
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const asUuid = (value: unknown): string => {
  const text = `${value}`
  if (!uuid.test(text)) throw invalidText(`invalid input syntax for type uuid: "${text}"`)
  return text
}

const asBoolean = (value: string): boolean => value === "true" || value === "t"

export const orNull =
  <A>(read: (value: unknown) => A) =>
  (value: unknown): A | null =>
    value === null || value === undefined ? null : read(value)

const arrayOf =
  <A>(read: (value: string) => A) =>
  (parameter: unknown): ReadonlyArray<A> =>
    raw(parameter).map((value) => present(read, value))

const nullableArrayOf =
  <A>(read: (value: string) => A) =>
  (parameter: unknown): ReadonlyArray<A | null> =>
    raw(parameter).map((value) => (value === null ? null : read(value)))

export const texts = arrayOf(asText)
export const nullableTexts = nullableArrayOf(asText)
export const uuids = arrayOf(asUuid)
export const nullableUuids = nullableArrayOf(asUuid)
export const integers = arrayOf(asInteger)
export const nullableIntegers = nullableArrayOf(asInteger)
export const units = arrayOf(asUnits)
export const nullableUnits = nullableArrayOf(asUnits)
export const amounts = arrayOf(asAmount)
export const booleans = arrayOf(asBoolean)
export const times = arrayOf(asTime)
