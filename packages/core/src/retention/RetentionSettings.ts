import * as Context from "effect/Context"

const hourMs = 3_600_000

/** What is promised to whoever repeats a request: its answer is kept for so long, at least. */
export const keepMsMin = 24 * hourMs

/** How long what only the past needs is kept, and how fast it goes; milliseconds. */
export interface RetentionSettings {
  /** Less than `keepMsMin` counts as that. */
  readonly keepMs: number
  /** The pause between two rounds. */
  readonly beatMs: number
  /** Sagas of one batch, which is one transaction. */
  readonly batchSize: number
  /** Batches of one round, at most: what is left waits for the next one. */
  readonly batchesPerRound: number
}

export const RetentionSettings = Context.Reference<RetentionSettings>(
  "@doorbuster/core/retention/RetentionSettings",
  {
    defaultValue: () => ({
      keepMs: 7 * keepMsMin,
      beatMs: 5_000,
      batchSize: 500,
      batchesPerRound: 10
    })
  }
)
