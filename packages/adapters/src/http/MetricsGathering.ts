import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/**
 * How the metrics of other processes behind the same address join this one's, so that a scrape
 * does not depend on which of them it meets. Given this process's own text, answers with what is
 * served. Alone, a process serves its own.
 */
export const MetricsGathering = Context.Reference<
  (own: Effect.Effect<string>) => Effect.Effect<string>
>("@doorbuster/adapters/http/MetricsGathering", { defaultValue: () => (own) => own })
