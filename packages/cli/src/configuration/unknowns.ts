/** Questions to values of which nothing is known: parsed files and thrown things. */

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** One line: a message may go on with a call stack or with the source. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error && error.message !== "" ? error.message : String(error)
  return text.split("\n", 1)[0] ?? ""
}
