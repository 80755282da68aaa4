/**
 * A process stops before an effect, another one takes its saga over, and then it goes on: on a real
 * Postgres it changes not one row, and takes no money twice.
 */

import { ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Console from "../../../../test/servers/Console.ts"
import * as Ground from "../../src/crash/GroundPostgres.ts"
import { migratedDatabase } from "../support/migratedDatabase.ts"
import * as World from "./world.ts"

interface Fate {
  readonly fate: string
  readonly reservationTtlMs: number
  readonly leaseTtlMs: number
  /** The heir stops as soon as it has raised the epochs, and has written nothing yet. */
  readonly heirStops: boolean
  /** How some of the orders end. */
  readonly state: string
}

/** `Inventory.fence` and `Payments.fence` come first. */
const behindTheFences = 2

/** From here on the capture is out, and money that comes in is booked, whoever brings it. */
const moneyIsOut = new Set(["PaymentProvider.capture", "Payments.recordCapture"])

/**
 * What the zombie may not touch: nothing at all once its order has an end. Before the heir has
 * asked the provider for anything, the zombie may ask as well: with the same keys, so that both
 * get one payment and one capture.
 */
const guarded = (fate: Fate, call: string | undefined) => (row: string) =>
  !fate.heirStops ||
  !(row.startsWith("sandbox.") || (moneyIsOut.has(`${call}`) && row.startsWith("money.")))

const untilPaused = Effect.fnUntraced(function* (faults: ProcessFaults) {
  while (!faults.paused) yield* Effect.sleep(5)
})

/** Answers with the states of the orders, or with null when the process never came to that call. */
const wake = Effect.fnUntraced(function* (url: string, at: number, fate: Fate) {
  const console = yield* Console.open({ connectionString: url })
  yield* Console.empty(console)
  const { leaseTtlMs, reservationTtlMs } = fate
  const settings = { ...Ground.liveSettings, leaseTtlMs, reservationTtlMs }
  const ground = Ground.postgres(Redacted.make(url), settings)
  const world = yield* World.open(approveAll, { ground })
  const zombie = new ProcessFaults({ at, mode: "paused" })
  const process = yield* world.start(zombie)
  const isOver = Context.get(process, Checkout)
    .place(World.order())
    .pipe(Effect.andThen(World.settleAll(world)), Effect.ignore)
  yield* Effect.raceFirst(isOver, untilPaused(zombie))
  if (!zombie.paused) return null
  yield* Effect.sleep(leaseTtlMs + settings.pollMs)

  const heir = new ProcessFaults(fate.heirStops ? { at: behindTheFences, mode: "paused" } : null)
  yield* world.start(heir)
  yield* fate.heirStops ? untilPaused(heir) : World.settleAll(world)
  const isGuarded = guarded(fate, zombie.calls[at])
  const kept = Effect.map(Console.contents(console), (rows) => rows.filter(isGuarded))
  const before = yield* kept
  zombie.resume()
  yield* Effect.sleep(5 * settings.pollMs)
  const label = `${zombie.calls[at]}, call ${at}`
  assert.deepStrictEqual(yield* kept, before, label)

  heir.resume()
  yield* World.settleAll(world)
  assert.deepStrictEqual(World.violations(yield* World.judge(world)), [], label)
  return (yield* World.orders(world)).map(({ state }) => state)
}, Effect.scoped)

const fates: ReadonlyArray<Fate> = [
  {
    fate: "was brought to its end",
    reservationTtlMs: 60_000,
    leaseTtlMs: 300,
    heirStops: false,
    state: "paid"
  },
  {
    fate: "was given up",
    reservationTtlMs: 100,
    leaseTtlMs: 300,
    heirStops: false,
    state: "canceled"
  },
  {
    fate: "was just taken over",
    reservationTtlMs: 60_000,
    leaseTtlMs: 2_000,
    heirStops: true,
    state: "paid"
  }
]

const lanes = 4

it.live.each(fates)("a zombie changes nothing once its order $fate", (fate) =>
  Effect.gen(function* () {
    const seen = new Set<string>()
    yield* Effect.forEach(
      Array.from({ length: lanes }, (_, lane) => lane),
      Effect.fnUntraced(function* (lane) {
        const { url } = yield* migratedDatabase
        // Before call 0 nothing is written yet, so nobody takes anything over.
        for (let at = 1 + lane; ; at += lanes) {
          const states = yield* wake(url, at, fate)
          if (states === null) return
          for (const state of states) seen.add(state)
        }
      }),
      { concurrency: lanes }
    )
    assert.include([...seen], fate.state)
  })
)
