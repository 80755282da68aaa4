/**
 * An error as Postgres would send it: `storageError` reads severity, code and message, so the
 * simulated server's errors pass through the same classification as the real one's.
 */
export class SqlError extends Error {
  readonly severity = "ERROR"
  /** SQLSTATE. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const serializationFailure = (message: string) => new SqlError("40001", message)
export const deadlockDetected = () => new SqlError("40P01", "deadlock detected")
export const lockTimeout = () => new SqlError("55P03", "canceling statement due to lock timeout")
export const uniqueViolation = (constraint: string) =>
  new SqlError("23505", `duplicate key value violates unique constraint "${constraint}"`)
export const checkViolation = (table: string, constraint: string) =>
  new SqlError("23514", `new row for relation "${table}" violates check constraint "${constraint}"`)
export const notNullViolation = (column: string) =>
  new SqlError("23502", `null value in column "${column}" violates not-null constraint`)
export const outOfRange = (type: string) => new SqlError("22003", `${type} out of range`)
export const invalidText = (message: string) => new SqlError("22P02", message)
export const invalidParameter = (message: string) => new SqlError("22023", message)
