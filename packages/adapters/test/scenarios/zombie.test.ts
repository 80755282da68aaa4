/**
 * A process stops before an effect, another one takes its saga over, and then it goes on: on a real
 * Postgres it changes not one row, neither in the store nor in the provider's book.
 */
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { ProcessFaults } from "../../src/faults/ProcessFaults.ts"
import { approveAll } from "../../src/payments/SandboxBehavior.ts"
import { schemas } from "../../src/postgres/Migrator.ts"
import { connection, migratedDatabase } from "../postgres/testDatabase.ts"
import * as Console from "./Console.ts"
import * as Ground from "./Ground.ts"
import * as World from "./world.ts"

const { leaseTtlMs, pollMs } = Ground.liveSettings

/** Answers with the calls that the process made, and whether it ever stopped. */
const wake = Effect.fnUntraced(function* (url: string, at: number, reservationTtlMs: number) {
  const console = yield* Console.open({ connectionString: url })
  yield* Console.empty(console)
  const settings = { ...Ground.liveSettings, reservationTtlMs }
  const ground = Ground.postgres(connection(url).connection, settings)
  const world = yield* World.makeWorld(approveAll, [], undefined, Effect.succeed(ground))
  const faults = new ProcessFaults({ at, mode: "paused" })
  const process = yield* world.start(faults)
  const isOver = Context.get(process, Checkout)
    .place(World.order())
    .pipe(Effect.andThen(World.settleAll(world)), Effect.ignore)
  const isStopped = Effect.gen(function* () {
    while (!faults.paused) yield* Effect.sleep(5)
  })
  yield* Effect.raceFirst(isOver, isStopped)
  yield* Effect.sleep(leaseTtlMs + pollMs)
  if (!faults.paused) return { calls: faults.calls, hasStopped: false, states: [] }
  yield* world.start(new ProcessFaults(null))
  yield* World.settleAll(world)
  const before = yield* Console.contents(console)
  faults.resume()
  yield* Effect.sleep(5 * pollMs)
  const label = `${faults.calls[at]}, call ${at}`
  assert.deepStrictEqual(yield* Console.contents(console), before, label)
  assert.deepStrictEqual(World.violations(yield* World.judge(world)), [], label)
  const states = (yield* World.orders(world)).map(({ state }) => state)
  return { calls: faults.calls, hasStopped: true, states }
}, Effect.scoped)

const fates = [
  { fate: "was brought to its end", reservationTtlMs: 60_000, state: "paid" },
  { fate: "was given up", reservationTtlMs: 100, state: "canceled" }
]

it.live.each(fates)(
  "a zombie changes nothing once its order $fate",
  ({ reservationTtlMs, state }) =>
    Effect.gen(function* () {
      const { url } = yield* migratedDatabase(schemas)
      const seen = new Set<string>()
      // Before call 0 nothing is written yet, so nobody takes anything over.
      for (let at = 1; ; at++) {
        const { hasStopped, states } = yield* wake(url, at, reservationTtlMs)
        if (!hasStopped) break
        for (const found of states) seen.add(found)
      }
      assert.include([...seen], state)
    })
)
