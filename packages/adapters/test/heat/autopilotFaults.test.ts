/** Autopilots that race, die half-way, or whose store does not answer. */
import { HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { type Between, demand, hot, stage } from "./pilots.ts"

const promoted = "autopilot.promoted HOT: atomic -> queued"
const demoted = "autopilot.demoted HOT: queued -> atomic"

/** What is read of the strategies is half a second old when it arrives. */
const slowly: Between = (ports) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const services = yield* Layer.build(ports)
      const inventory = Context.get(services, Inventory)
      return Context.add(services, Inventory, {
        ...inventory,
        strategies: (keys) => Effect.tap(inventory.strategies(keys), () => Effect.sleep(500))
      })
    })
  )

it.effect("processes that decide at the same moment switch a key once", () =>
  Effect.gen(function* () {
    const { choice, events, start } = yield* stage
    const processes = yield* Effect.all(
      Array.from({ length: 3 }, () => start({}, slowly, new Map()))
    )
    yield* demand(processes, { HOT: 150 }, 20)
    assert.deepStrictEqual(events, [promoted])
    yield* demand(processes, {}, 80)
    assert.deepStrictEqual(events, [promoted, demoted])
    assert.strictEqual(yield* choice(hot), "atomic")
  })
)

it.effect("a key that a dead process has promoted is demoted by one that is alive later", () =>
  Effect.gen(function* () {
    const { choice, events, start } = yield* stage
    const life = yield* Scope.make()
    const first = yield* Scope.provide(start(), life)
    yield* demand([first], { HOT: 500 }, 10)
    yield* Scope.close(life, Exit.void)
    yield* start()
    yield* demand([], { HOT: 0 }, 65)
    assert.deepStrictEqual(events, [promoted, demoted])
    assert.strictEqual(yield* choice(hot), "atomic")
  })
)

const down = Effect.fail(
  new StorageError({ operation: "test", reason: "unavailable", detail: "cut" })
)

/** A store whose answers can be cut off, before or after it did what it was asked. */
const cutting =
  (cut: { choice?: "before" | "after" | undefined; dismissal?: "before" | undefined }): Between =>
  (ports) =>
    Layer.effectContext(
      Effect.gen(function* () {
        const services = yield* Layer.build(ports)
        const inventory = Context.get(services, Inventory)
        const hotKeys = Context.get(services, HotKeys)
        return Context.add(services, Inventory, {
          ...inventory,
          setStrategy: (key, choice) =>
            Effect.suspend(() => {
              if (cut.choice === undefined) return inventory.setStrategy(key, choice)
              if (cut.choice === "before") return down
              return Effect.andThen(inventory.setStrategy(key, choice), down)
            })
        }).pipe(
          Context.add(HotKeys, {
            ...hotKeys,
            dismiss: (key) =>
              Effect.suspend(() => (cut.dismissal === undefined ? hotKeys.dismiss(key) : down))
          })
        )
      })
    )

for (const choice of ["before", "after"] as const) {
  it.effect(`a promotion that was cut off ${choice} its choice comes to an end by others`, () =>
    Effect.gen(function* () {
      const told = yield* stage
      const life = yield* Scope.make()
      const dying = yield* Scope.provide(told.start({}, cutting({ choice })), life)
      yield* demand([dying], { HOT: 500 }, 5)
      assert.deepStrictEqual(yield* told.listed, [hot])
      yield* Scope.close(life, Exit.void)
      const process = yield* told.start()
      yield* demand([process], { HOT: 500 }, 30)
      assert.strictEqual(yield* told.choice(hot), "queued")
      yield* demand([process], {}, 70)
      assert.strictEqual(yield* told.choice(hot), "atomic")
      assert.deepStrictEqual(yield* told.listed, [])
    })
  )

  it.effect(`a promotion whose answer is lost for a moment, ${choice} the choice, is told`, () =>
    Effect.gen(function* () {
      const { events, start } = yield* stage
      const cut: { choice: typeof choice | undefined } = { choice }
      const process = yield* start({}, cutting(cut))
      yield* demand([process], { HOT: 500 }, 5)
      assert.deepStrictEqual(events, [])
      cut.choice = undefined
      yield* demand([process], { HOT: 500 }, 4)
      assert.deepStrictEqual(events, [promoted])
    })
  )
}

it.effect("a demotion that was cut off before the key was dismissed is made again", () =>
  Effect.gen(function* () {
    const told = yield* stage
    const life = yield* Scope.make()
    const cut: { dismissal: "before" | undefined } = { dismissal: "before" }
    const dying = yield* Scope.provide(told.start({}, cutting(cut)), life)
    yield* demand([dying], { HOT: 500 }, 5)
    yield* demand([dying], {}, 65)
    assert.strictEqual(yield* told.choice(hot), "atomic")
    assert.deepStrictEqual(yield* told.listed, [hot])
    yield* Scope.close(life, Exit.void)
    yield* told.start()
    yield* demand([], {}, 70)
    assert.deepStrictEqual(yield* told.listed, [])
    assert.strictEqual(yield* told.choice(hot), "atomic")
  })
)
