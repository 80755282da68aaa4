import { asInteger } from "../parameters.ts"
import { SqlError } from "../SqlError.ts"

/** What stands behind LIMIT. */
export const asLimit = (value: unknown): number => {
  const limit = asInteger(value)
  if (limit < 0) throw new SqlError("2201W", "LIMIT must not be negative")
  return limit
}
