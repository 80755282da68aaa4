import { readFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import type { Play } from "./playSeeds.ts"

const Regressions = Schema.Struct({
  about: Schema.String,
  seeds: Schema.Array(
    Schema.Struct({
      seed: Schema.Int,
      /** So many of the seed's buyers only; all of them without it. */
      checkouts: Schema.optionalKey(Schema.Int),
      invariant: Schema.String,
      story: Schema.String
    })
  )
})

const file = new URL("../../../../fixtures/regressions/simulation.json", import.meta.url)

/** The worlds in which the store once broke a promise. */
export const regressions = (): ReadonlyArray<Play> =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Regressions))(
    readFileSync(file, "utf8")
  ).seeds.map(({ checkouts, seed }) => ({
    seed,
    narrowing: checkouts === undefined ? {} : { checkouts }
  }))
