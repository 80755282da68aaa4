/** Amounts are bigint inside; JSON carries them as integers where it can, else as strings. */
const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === "bigint") {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  if (value instanceof Map) return Object.fromEntries(value)
  return value
}

/** One line. */
export const toJsonLine = (value: unknown): string => JSON.stringify(value, plain)

/** For people who read JSON: indented. */
export const toJson = (value: unknown): string => JSON.stringify(value, plain, 2)
