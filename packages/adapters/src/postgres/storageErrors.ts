import { StorageError } from "@doorbuster/core/StorageError"

type Reason = StorageError["reason"]

/**
 * By SQLSTATE, the longest prefix first. A unique violation is a twin that raced this statement:
 * whoever looks again finds what the twin has written.
 */
const reasons: ReadonlyArray<readonly [prefix: string, reason: Reason]> = [
  ["40001", "retry"],
  ["40P01", "retry"],
  ["55P03", "retry"],
  ["23505", "retry"],
  ["22", "bad_value"],
  ["23", "bad_value"],
  ["P0001", "bad_value"]
]

const textOf = (cause: unknown, key: string): string | undefined => {
  const value = (cause as Record<string, unknown> | null | undefined)?.[key]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Errors that Postgres itself has sent have a severity; those of sockets and pools have not. */
const reasonOf = (cause: unknown): Reason => {
  if (textOf(cause, "severity") === undefined) {
    return cause instanceof TypeError || cause instanceof RangeError ? "bad_value" : "unavailable"
  }
  const code = textOf(cause, "code") ?? ""
  return reasons.find(([prefix]) => code.startsWith(prefix))?.[1] ?? "unavailable"
}

/**
 * What a driver's error means to the caller. Everything that the database says stays in `detail`,
 * so that a bug of ours (a syntax error, a missing table) is seen and not only retried.
 */
export const storageError = (operation: string, cause: unknown): StorageError => {
  const parts = [
    textOf(cause, "code"),
    cause instanceof Error ? cause.message : String(cause),
    textOf(cause, "hint")
  ]
  return new StorageError({
    operation,
    reason: reasonOf(cause),
    detail: parts.filter((part) => part !== undefined && part !== "").join(": ")
  })
}
