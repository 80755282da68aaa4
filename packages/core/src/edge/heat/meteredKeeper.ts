import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { GateLine } from "../Gate.ts"
import { GateKeeper } from "../GateKeeper.ts"
import { HeatMeter } from "./HeatMeter.ts"

/**
 * The keeper of the gate, counting what comes by: every checkout asks it before anything is
 * written, and those that it turns away are demand as well. Goes around the keeper that is there,
 * the open gate included.
 */
export const layer: Layer.Layer<never, never, HeatMeter> = Layer.effectContext(
  Effect.gen(function* () {
    const keeper = yield* GateKeeper
    const meter = yield* HeatMeter
    const count = (lines: ReadonlyArray<GateLine>) => {
      for (const { key } of lines) meter.count(key)
    }
    return Context.make(GateKeeper, {
      ...keeper,
      pass: (entry, work, by) =>
        Effect.suspend(() => {
          count(entry.lines)
          return keeper.pass(entry, work, by)
        }),
      // Whoever is refused on the strength of this answer does not come to `pass`.
      shortOf: (lines) => {
        const short = keeper.shortOf(lines)
        if (short !== undefined) count(lines)
        return short
      }
    }) as Context.Context<never>
  })
)
