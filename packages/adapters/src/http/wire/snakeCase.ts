import type * as Schema from "effect/Schema"

/** `orderId` -> `order_id`, `SoldOut` -> `sold_out`. */
export const snakeCase = (name: string): string =>
  name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()

/** Renames the keys of a JSON value of our own making, at every depth. */
export const snakeKeys = (value: unknown): Schema.Json => {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (typeof value !== "object" || value === null) return value as Schema.Json
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [snakeCase(key), snakeKeys(inner)])
  )
}
