/** Boundaries of the checkout and of the refund on a real Postgres and on the embedded one. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe } from "vitest"
import { caseFromText } from "../../src/crash/CrashCase.ts"
import { crashMatrix } from "../../src/crash/CrashMatrix.ts"
import * as Terrain from "../../src/crash/Terrain.ts"

const serverUrl = () => Redacted.make(process.env["DATABASE_URL_TEST"] ?? "")

/** Neighbouring boundaries of the embedded database meet different ways to crash. */
const embeddedCases = [
  "checkout-approved/2:before",
  "checkout-approved/3:after",
  "checkout-approved/9:lost",
  "checkout-approved/10:paused",
  "checkout-approved/11:before",
  "refund-in-full/5:before",
  "refund-in-full/6:after",
  "refund-in-full/7:lost",
  "refund-in-full/8:paused"
]

const failuresOf = Effect.fnUntraced(function* (terrain: Terrain.Terrain, names: string) {
  const only = yield* caseFromText(names)
  const report = yield* crashMatrix({ terrains: [terrain], pairs: true, only })
  const failures = report.grounds.flatMap(({ scenarios }) =>
    scenarios.flatMap((scenario) => scenario.failures)
  )
  assert.deepStrictEqual(failures, [])
  return report
})

describe.each(["checkout-approved", "refund-in-full"])("%s, on Postgres", (name) => {
  it.live("survives a crash at every boundary", () =>
    Effect.gen(function* () {
      const terrain = yield* Terrain.server(serverUrl(), 4)
      const report = yield* failuresOf(terrain, name)
      assert.isAtLeast(report.singles, 30)
      assert.strictEqual(report.pairs, 0)
    })
  )
})

describe("the embedded Postgres", () => {
  it.live("survives crashes in the middle of a checkout and of a refund", () =>
    Effect.gen(function* () {
      const terrain = yield* Terrain.embedded(1)
      for (const name of embeddedCases) {
        assert.strictEqual((yield* failuresOf(terrain, name)).singles, 1)
      }
    })
  )
})
