/** The autopilot under a virtual clock: one process, and several. */
import { Gate } from "@doorbuster/core/edge/Gate"
import { choose } from "@doorbuster/core/inventory/StockStrategy"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { coupon, demand, figures, freshFigures, hot, stage } from "./pilots.ts"

const promoted = "autopilot.promoted HOT: atomic -> queued"
const demoted = "autopilot.demoted HOT: queued -> atomic"

it.effect("a hot key is promoted, guarded, and demoted after the heat, each with its event", () =>
  Effect.gen(function* () {
    const { choice, events, listed, start } = yield* stage
    const process = yield* start()
    yield* demand([process], { HOT: 99 }, 30)
    assert.deepStrictEqual(events, [])
    yield* demand([process], { HOT: 150 }, 5)
    assert.deepStrictEqual(events, [promoted])
    assert.strictEqual(yield* choice(hot), "queued")
    assert.strictEqual(Context.get(process, Gate).peek(hot), 100_000)
    assert.deepStrictEqual(yield* figures, { "switches_total promoted": 1, promoted: 1 })
    yield* demand([process], { HOT: 30 }, 300)
    assert.deepStrictEqual(events, [promoted])
    yield* demand([process], { HOT: 10 }, 62)
    assert.deepStrictEqual(events, [promoted, demoted])
    assert.strictEqual(yield* choice(hot), "atomic")
    assert.deepStrictEqual(yield* listed, [])
    const told = { "switches_total promoted": 1, "switches_total demoted": 1, promoted: 0 }
    assert.deepStrictEqual(yield* figures, told)
  }).pipe(freshFigures)
)

it.effect("what is warm in each process and hot in all of them together is promoted, once", () =>
  Effect.gen(function* () {
    const { events, start } = yield* stage
    const processes = [yield* start(), yield* start(), yield* start()]
    yield* demand(processes, { HOT: 30 }, 20)
    assert.deepStrictEqual(events, [])
    yield* demand(processes, { HOT: 40 }, 10)
    assert.deepStrictEqual(events, [promoted])
    yield* demand(processes, { HOT: 0 }, 70)
    assert.deepStrictEqual(events, [promoted, demoted])
  })
)

it.effect("many processes get a segment each", () =>
  Effect.gen(function* () {
    const { events, start } = yield* stage
    const processes = yield* Effect.all(Array.from({ length: 6 }, () => start()))
    yield* demand(processes, { HOT: 50 }, 10)
    assert.deepStrictEqual(events, ["autopilot.promoted HOT: atomic -> segmented over 6"])
  })
)

it.effect("processes that do not see each other promote and demote a key once all the same", () =>
  Effect.gen(function* () {
    const { choice, events, start } = yield* stage
    const processes = yield* Effect.all(
      Array.from({ length: 5 }, () => start({}, (ports) => ports, new Map()))
    )
    yield* demand(processes, { HOT: 150 }, 10)
    assert.deepStrictEqual(events, [promoted])
    yield* demand(processes, { HOT: 0 }, 70)
    assert.deepStrictEqual(events, [promoted, demoted])
    assert.strictEqual(yield* choice(hot), "atomic")
  })
)

it.effect("a key for which the staff has chosen is never touched", () =>
  Effect.gen(function* () {
    const { choice, events, inventory, start } = yield* stage
    yield* inventory.setStrategy(hot, choose("pessimistic", 1))
    const process = yield* start()
    yield* demand([process], { HOT: 5000 }, 30)
    yield* demand([process], { HOT: 0 }, 70)
    assert.deepStrictEqual(events, [])
    assert.strictEqual(yield* choice(hot), "pessimistic")
  })
)

it.effect("a promoted key for which the staff chooses otherwise is the staff's from then on", () =>
  Effect.gen(function* () {
    const { choice, events, inventory, listed, start } = yield* stage
    const process = yield* start()
    yield* demand([process], { HOT: 500 }, 15)
    yield* inventory.setStrategy(hot, choose("optimistic", 1))
    yield* demand([process], { HOT: 500 }, 15)
    yield* demand([process], { HOT: 0 }, 70)
    assert.deepStrictEqual(events, [promoted, "autopilot.left HOT: queued -> optimistic"])
    assert.strictEqual(yield* choice(hot), "optimistic")
    assert.deepStrictEqual(yield* listed, [])
  })
)

it.effect("coupon uses, and what is not stocked, are not promoted however hot", () =>
  Effect.gen(function* () {
    const { events, start } = yield* stage
    const process = yield* start()
    yield* demand([process], { [coupon]: 900 }, 10)
    yield* demand([process], { "GIFT-WRAPPING": 900 }, 10)
    assert.deepStrictEqual(events, [])
  })
)

it.effect("no more keys are switched within a minute than allowed", () =>
  Effect.gen(function* () {
    const { events, start } = yield* stage
    const process = yield* start({ switchesPerMinute: 1, demoteAfterMs: 5000 })
    yield* demand([process], { HOT: 300, COLD: 200 }, 30)
    assert.deepStrictEqual(events, [promoted])
    yield* demand([process], { HOT: 300, COLD: 200 }, 40)
    assert.deepStrictEqual(events, [promoted, "autopilot.promoted COLD: atomic -> queued"])
    yield* demand([process], {}, 50)
    assert.strictEqual(events.length, 2)
    yield* demand([process], {}, 80)
    assert.strictEqual(events.length, 4)
  })
)

it.effect("the limit holds for all processes that see each other, as one of them acts", () =>
  Effect.gen(function* () {
    const { events, start } = yield* stage
    const limited = () => start({ switchesPerMinute: 1 })
    const processes = [yield* limited(), yield* limited(), yield* limited()]
    yield* demand(processes, { HOT: 300, COLD: 200 }, 30)
    assert.deepStrictEqual(events, [promoted])
  })
)
