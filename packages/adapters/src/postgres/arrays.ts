/** Array parameters beyond plain numbers and ids: with nulls, and of any text. */
import { timestamp } from "./rows.ts"

/** Numbers, booleans, UUIDs or timestamps, of which some may be null. */
export const nullableArray = (
  values: ReadonlyArray<number | bigint | boolean | string | null>
): string => `{${values.map((value) => value ?? "NULL").join(",")}}`

const quote = (value: string): string =>
  /["\\]/.test(value) ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : `"${value}"`

export const textArray = (values: ReadonlyArray<string | null>): string =>
  `{${values.map((value) => (value === null ? "NULL" : quote(value))).join(",")}}`

/** Epoch milliseconds as `timestamptz[]`. */
export const timestampArray = (values: ReadonlyArray<number>): string =>
  `{${values.map(timestamp).join(",")}}`
