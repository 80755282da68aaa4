import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { HeatSketch } from "./HeatSketch.ts"

/** What one store process was asked for lately; requests per second. */
export interface HeatReport {
  /** Names the process among those that are alive. */
  readonly process: string
  readonly sketch: HeatSketch
}

/** A report that was not renewed for this long counts no more: its process is dead or cut off. */
export const reportTtlMs = 5000

/** Most entries of a report: a few kilobytes, which every process reads of every other. */
export const reportCapacity = 64

/**
 * Where the store's processes tell each other what they are asked for. It may be wrong, old or
 * empty without harm: it only decides how fast a hot SKU sells. It never fails: where nobody can be
 * reached, a process knows of itself.
 */
export class Heat extends Context.Service<
  Heat,
  {
    /**
     * Puts this process's report in the place of its last one and answers those of all processes
     * that are alive, this one's included; one per process.
     */
    readonly exchange: (report: HeatReport) => Effect.Effect<ReadonlyArray<HeatReport>>
  }
>()("@doorbuster/core/edge/heat/Heat") {}
