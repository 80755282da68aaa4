import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { checkHistory } from "../../src/history/checkHistory.ts"
import { recorderOver, recorderTo } from "../../src/history/HistoryRecorder.ts"
import type { Operation } from "../../src/history/Operation.ts"
import { readHistory } from "../../src/history/readHistory.ts"
import { historyPlace } from "../support/historyFile.ts"

const reserve = { client: 1, op: "reserve", sku: "CUP", qty: 1 } as const
const yes = () => ({ ok: true })

const inMemory = () => {
  const written: Array<Operation> = []
  const recorder = recorderOver((operation) => Effect.sync(() => void written.push(operation)))
  return { recorder, written }
}

describe("a recorder", () => {
  it.effect("stamps call and return on Effect's clock, in the order in which they happen", () =>
    Effect.gen(function* () {
      const { recorder, written } = inMemory()
      yield* TestClock.adjust("1 second")
      yield* recorder.around(reserve, Effect.void, yes)
      const slow = yield* Effect.forkChild(
        recorder.around({ ...reserve, client: 2 }, Effect.sleep("3 seconds"), () => ({ ok: false }))
      )
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(slow)
      const second = 1_000_000_000n
      assert.deepStrictEqual(written, [
        { ...reserve, callNs: second, retNs: second + 1n, ok: true, val: null, unknown: false },
        {
          ...reserve,
          client: 2,
          callNs: second + 2n,
          retNs: 4n * second,
          ok: false,
          val: null,
          unknown: false
        }
      ])
    })
  )

  it.effect("writes what fails or is interrupted as unknown, and lets it fail", () =>
    Effect.gen(function* () {
      const { recorder, written } = inMemory()
      const failed = yield* Effect.flip(recorder.around(reserve, Effect.fail("gone"), yes))
      assert.strictEqual(failed, "gone")
      const stuck = yield* Effect.forkChild(recorder.around(reserve, Effect.never, yes), {
        startImmediately: true
      })
      yield* Fiber.interrupt(stuck)
      const told = written.map(({ ok, retNs, unknown }) => ({ ok, retNs, unknown }))
      const unanswered = { ok: false, retNs: null, unknown: true }
      assert.deepStrictEqual(told, [unanswered, unanswered])
    })
  )

  it.live("writes a file that is read back whole, however many write at once", () =>
    Effect.gen(function* () {
      const file = yield* historyPlace
      const recorder = yield* recorderTo(file)
      const supply = { ...reserve, op: "receive", qty: 5_000 } as const
      yield* recorder.around(supply, Effect.void, yes)
      const clients = Array.from({ length: 5_000 }, (_, client) => client)
      const buy = (client: number) => recorder.around({ ...reserve, client }, Effect.yieldNow, yes)
      yield* Effect.forEach(clients, buy, { concurrency: 64, discard: true })
      yield* recorder.flush
      assert.strictEqual(readFileSync(file, "utf8").split("\n").length, 5_002)
      const report = yield* checkHistory(yield* readHistory(file))
      assert.deepInclude(report, { ok: true, operations: 5_001, skus: 1 })
    })
  )

  it.live("says that a file cannot be written", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(recorderTo(`${yield* historyPlace}/no/such`))
      assert.strictEqual(error._tag, "HistoryUnwritable")
      assert.match(error.message, /cannot be written/)
    })
  )
})
