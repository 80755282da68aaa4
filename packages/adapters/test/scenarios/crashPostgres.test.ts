/** Every boundary of the checkout and of the refund, in every way, on a real Postgres. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe } from "vitest"
import { faultModes } from "../../src/faults/ProcessFaults.ts"
import { schemas } from "../../src/postgres/Migrator.ts"
import { connection, migratedDatabase } from "../postgres/testDatabase.ts"
import * as Console from "./Console.ts"
import { type Lane, playEverywhere, scenarios } from "./crashes.ts"
import * as Ground from "./Ground.ts"

/** Longer than the lease of whoever died. */
const absentMs = Ground.liveSettings.leaseTtlMs + 100

/** A database that is emptied for each play. */
const lane = Effect.map(migratedDatabase(schemas), ({ url }): Lane => {
  const ground = Ground.postgres(connection(url).connection)
  return Console.open({ connectionString: url }).pipe(
    Effect.flatMap(Console.empty),
    Effect.scoped,
    Effect.as(ground)
  )
})

const chosen = scenarios.filter(
  ({ name }) => name === "checkout, approved" || name === "refund in full with restock"
)

describe.each(chosen)("$name, on Postgres", (scenario) => {
  it.live("survives at every boundary, whatever happens there", () =>
    Effect.gen(function* () {
      const lanes = yield* Effect.all([lane, lane, lane, lane])
      const plays = yield* playEverywhere(scenario, lanes, absentMs, () => faultModes)
      assert.isAtLeast(plays, 4 * faultModes.length)
    })
  )
})
