/** What the processes of one `store serve --workers` tell each other. */
import type { Failure } from "../failure.ts"

export interface Listening {
  readonly url: string
  readonly host: string
  readonly port: number
}

/** The metrics of one worker; `worker` is its place, 1 to N, which outlives its process. */
export interface WorkerMetrics {
  readonly worker: number
  readonly text: string
}

export type FromWorker =
  | { readonly _tag: "Ready"; readonly listening: Listening }
  | { readonly _tag: "Failed"; readonly failure: Failure }
  /** Somebody scrapes this worker: what do all say? */
  | { readonly _tag: "GatherMetrics"; readonly id: number }
  | { readonly _tag: "Metrics"; readonly id: number; readonly text: string }

export type ToWorker =
  | { readonly _tag: "Stop" }
  | { readonly _tag: "TellMetrics"; readonly id: number }
  | {
      readonly _tag: "Gathered"
      readonly id: number
      readonly metrics: ReadonlyArray<WorkerMetrics>
    }
