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
  "checkout-approved/Inventory.reserve#1:before",
  "checkout-approved/Orders.create#1:after",
  "checkout-approved/PaymentProvider.capture#1:lost",
  "checkout-approved/Payments.recordCapture#1:paused",
  "checkout-approved/Inventory.commit#1:before",
  "refund-in-full/Payments.intendRefund#1:before",
  "refund-in-full/PaymentProvider.refund#1:after",
  "refund-in-full/Payments.recordRefund#1:lost",
  "refund-in-full/Inventory.giveBack#1:paused"
]

const failuresOf = Effect.fnUntraced(function* (terrain: Terrain.Terrain, names: string) {
  const only = yield* caseFromText(names)
  const report = yield* crashMatrix({ terrains: [terrain], pairs: true, only })
  const all = report.grounds.flatMap(({ scenarios }) => scenarios)
  assert.deepStrictEqual(
    all.flatMap(({ failures }) => failures),
    []
  )
  assert.deepStrictEqual(
    all.flatMap(({ unreached }) => unreached),
    [],
    "each process was hit where it was to be hit"
  )
  return report
})

describe.each(["checkout-approved", "refund-in-full"])("%s, on Postgres", (name) => {
  it.live("survives a crash at every boundary", () =>
    Effect.gen(function* () {
      const terrain = yield* Terrain.server(serverUrl(), 4)
      const report = yield* failuresOf(terrain, name)
      assert.isAtLeast(report.singles, 30)
      assert.strictEqual(report.singles, report.boundaries)
      assert.strictEqual(report.pairs, 0)
    })
  )
})

it.live("a call that never comes is tried for again, and then told, on Postgres", () =>
  Effect.gen(function* () {
    const terrain = yield* Terrain.server(serverUrl(), 1)
    const name = "ship/Orders.move#2:before"
    const report = yield* crashMatrix({
      terrains: [terrain],
      pairs: true,
      only: yield* caseFromText(name)
    })
    const why = "the first process came to 1 of these calls in its last play"
    assert.deepStrictEqual(report.grounds[0]?.scenarios[0]?.unreached, [{ name, why }])
    // An undisturbed one, and three tries.
    assert.deepStrictEqual([report.plays, report.singles, report.missed], [1 + 3, 0, 1])
  })
)

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
