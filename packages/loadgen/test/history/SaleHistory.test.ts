import type { OrderId } from "@doorbuster/core/order/OrderId"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { recorderOver } from "../../src/history/HistoryRecorder.ts"
import type { Operation } from "../../src/history/Operation.ts"
import type { Answer, Buyer } from "../../src/sale/Buyer.ts"
import { SaleHistory } from "../../src/sale/SaleHistory.ts"

const won: Answer = { _tag: "Won", orderId: "o" as OrderId, total: 1n }
const soldOut: Answer = { _tag: "SoldOut" }
const buyer = (key: string): Buyer => ({ key, token: "t" })

/** Each buyer asks so often, and is told so in the end; null is never told anything. */
const written = (
  released: number,
  ...asking: ReadonlyArray<readonly [who: string, times: number, answer: Answer | null]>
) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const operations: Array<Operation> = []
    const history = new SaleHistory(
      recorderOver((operation) => Effect.sync(() => void operations.push(operation))),
      "CUP"
    )
    for (const [who, times, answer] of asking) {
      const own = buyer(who)
      let askedNs = 0n
      for (let time = 0; time < times; time++) askedNs = history.asked(own, clock)
      if (answer !== null) history.told(own, answer, askedNs, clock)
    }
    yield* history.write(released)
    return operations.map(({ callNs, client, ok, op, retNs, unknown }) => {
      const outcome = unknown ? "unknown" : ok ? "ok" : "refused"
      return `${client} ${op} ${outcome} ${callNs}..${retNs ?? ""}`
    })
  })

describe("the history of a sale", () => {
  it.effect("has one reservation per buyer, from the first asking to the yes", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* written(0, ["ann", 3, won], ["bob", 1, won]), [
        "ann reserve ok 0..3",
        "bob reserve ok 4..5"
      ])
    })
  )

  it.effect("has a refusal at the last asking, and no answer as unknown", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* written(0, ["ann", 3, soldOut], ["bob", 2, null]), [
        "ann reserve refused 2..3",
        "bob reserve unknown 4.."
      ])
    })
  )

  it.effect("allows for units that the store has taken back, as often as it has", () =>
    Effect.gen(function* () {
      const asked = [
        ["ann", 1, won],
        ["bob", 2, soldOut],
        ["cat", 1, soldOut]
      ] as const
      assert.deepStrictEqual(yield* written(2, ...asked), [
        "ann reserve ok 0..1",
        "bob reserve refused 3..4",
        "bob reserve unknown 2..",
        "cat reserve refused 5..6",
        "ann release unknown 0..",
        "ann release unknown 0.."
      ])
    })
  )
})
