/** Something that `store doctor` has to say about this store. */
export interface Finding {
  /** `error`: the store is not fit as it is. `warning`: good to know. */
  readonly level: "error" | "warning"
  readonly code: string
  /** What it means and what to do about it. */
  readonly message: string
}

export const error = (code: string, message: string): Finding => ({ level: "error", code, message })
export const warning = (code: string, message: string): Finding => ({
  level: "warning",
  code,
  message
})
