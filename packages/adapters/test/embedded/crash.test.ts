/** Every boundary of the checkout and of the refund on the embedded database, each in one way. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe } from "vitest"
import { type FaultMode, faultModes } from "../../src/faults/ProcessFaults.ts"
import { playEverywhere, scenarios } from "../scenarios/crashes.ts"
import * as Ground from "../scenarios/Ground.ts"
import { embeddedStore } from "./embeddedStore.ts"

const { config, emptied } = await embeddedStore()

/** Longer than the lease of whoever died. */
const absentMs = Ground.liveSettings.leaseTtlMs + 100

/** The ways take turns: neighbouring boundaries meet different ones. */
const inTurn = (call: number): ReadonlyArray<FaultMode> =>
  faultModes.filter((_, index) => index === call % faultModes.length)

const chosen = scenarios.filter(
  ({ name }) => name === "checkout, approved" || name === "refund in full with restock"
)

describe.each(chosen)("$name, embedded", (scenario) => {
  it.live("survives at every boundary", () =>
    Effect.gen(function* () {
      const lane = Effect.as(emptied, Ground.postgres(config))
      const plays = yield* playEverywhere(scenario, [lane], absentMs, inTurn)
      assert.isAtLeast(plays, 4)
    })
  )
})
