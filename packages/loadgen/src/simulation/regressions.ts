import { readFileSync } from "node:fs"
import * as Schema from "effect/Schema"

const Regressions = Schema.Struct({
  about: Schema.String,
  seeds: Schema.Array(
    Schema.Struct({ seed: Schema.Int, invariant: Schema.String, story: Schema.String })
  )
})

const file = new URL("../../../../fixtures/regressions/simulation.json", import.meta.url)

/** Seeds in which the store once broke a promise. */
export const regressionSeeds = (): ReadonlyArray<number> =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Regressions))(
    readFileSync(file, "utf8")
  ).seeds.map(({ seed }) => seed)
