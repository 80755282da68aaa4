/** Every boundary in every way, soon and late, over memory stores and a virtual clock. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe } from "vitest"
import { type Fault, faultModes } from "../../src/faults/ProcessFaults.ts"
import { play, type Scenario, scenarios, verify } from "./crashes.ts"
import * as Ground from "./Ground.ts"

const soonMs = 3_000
/** When a reservation has long expired. */
const lateMs = 120_000

const played = (scenario: Scenario, fault: Fault | null, absentMs: number) =>
  play(scenario, fault, Ground.memory, absentMs)

describe.each(scenarios)("$name", (scenario) => {
  it.effect.each(faultModes)("survives at every boundary: %s", (mode) =>
    Effect.gen(function* () {
      const calm = yield* played(scenario, null, soonMs)
      yield* verify(scenario, calm, "undisturbed")
      assert.isAtLeast(calm.faults.calls.length, 3)
      for (const [at, call] of calm.faults.calls.entries()) {
        const soon = yield* played(scenario, { at, mode }, soonMs)
        yield* verify(scenario, soon, `${mode} call ${at}, ${call}`)
        if (mode !== "before" && mode !== "paused") continue
        const late = yield* played(scenario, { at, mode }, lateMs)
        const finals = [...scenario.finals, "canceled"]
        yield* verify({ ...scenario, finals }, late, `${mode} call ${at}, ${call}, taken over late`)
      }
    })
  )
})
