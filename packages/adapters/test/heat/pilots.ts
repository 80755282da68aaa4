/** Store processes with an autopilot each, over memory stores that they share. */
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import * as HeatMemory from "@doorbuster/adapters/memory/HeatMemory"
import * as HotKeysMemory from "@doorbuster/adapters/memory/HotKeysMemory"
import * as InventoryMemory from "@doorbuster/adapters/memory/InventoryMemory"
import { MemoryStore, make as makeStore } from "@doorbuster/adapters/memory/MemoryStore"
import type { Gate } from "@doorbuster/core/edge/Gate"
import * as Autopilot from "@doorbuster/core/edge/heat/Autopilot"
import { AutopilotSettings } from "@doorbuster/core/edge/heat/AutopilotSettings"
import type { Heat } from "@doorbuster/core/edge/heat/Heat"
import { HeatMeter } from "@doorbuster/core/edge/heat/HeatMeter"
import { HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import { Inventory, type MovementKind } from "@doorbuster/core/inventory/Inventory"
import { ofCoupon, type StockKey } from "@doorbuster/core/inventory/StockKey"
import { nextUuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import { TestClock } from "effect/testing"

export const hot = "HOT" as StockKey
const cold = "COLD" as StockKey
export const coupon = ofCoupon("HALF")

type Ports = Gate | Heat | HotKeys | Inventory

/** What lies between a process and the stores that it shares with the others. */
export type Between = (ports: Layer.Layer<Ports>) => Layer.Layer<Ports>

export const stage = Effect.gen(function* () {
  const store = Layer.succeed(MemoryStore, makeStore())
  const board: HeatMemory.HeatBoard = new Map()
  const shared = Layer.mergeAll(InventoryMemory.layer, HotKeysMemory.layer).pipe(
    Layer.provide(store)
  )
  const outside = yield* Layer.build(shared)
  const inventory = Context.get(outside, Inventory)
  const receipt: MovementKind = "receipt"
  for (const key of [hot, cold, coupon]) {
    const movement = { key, quantity: 100_000, kind: receipt, reason: "opening", occurredAt: 0 }
    yield* inventory.move([{ movementId: yield* nextUuid, ...movement }])
  }

  const events: Array<string> = []
  const logger = Logger.make(({ fiber }) => {
    const { event, from, key, to } = fiber.getRef(References.CurrentLogAnnotations)
    events.push(`${event} ${key}: ${from} -> ${to}`)
  })

  /** Lives as long as the scope it is started in. */
  const start = (
    settings: Partial<AutopilotSettings> = {},
    between: Between = (ports) => ports,
    seen: HeatMemory.HeatBoard = board
  ) =>
    Effect.gen(function* () {
      const ports = Layer.mergeAll(shared, HeatMemory.layerShared(seen), GateMemory.layer)
      const defaults = yield* AutopilotSettings
      const services = yield* Layer.build(
        Autopilot.layer.pipe(
          Layer.provideMerge(HeatMeter.layer),
          Layer.provideMerge(between(ports)),
          Layer.provide(Layer.succeed(AutopilotSettings, { ...defaults, ...settings })),
          Layer.provide(Logger.layer([logger]))
        )
      )
      return services
    })

  return {
    start,
    events,
    inventory,
    choice: (key: StockKey) =>
      Effect.map(inventory.strategies([key]), ([found]) => found?.strategy ?? "atomic"),
    listed: Effect.map(Context.get(outside, HotKeys).list, (all) => all.map(({ key }) => key))
  }
})

/** In each of so many seconds so many requests for each key, to each of the processes. */
export const demand = Effect.fnUntraced(function* (
  processes: ReadonlyArray<Context.Context<HeatMeter>>,
  perSecond: Readonly<Record<string, number>>,
  seconds: number
) {
  for (let second = 0; second < seconds; second++) {
    for (const process of processes) {
      const { count } = Context.get(process, HeatMeter)
      for (const [key, times] of Object.entries(perSecond)) {
        for (let i = 0; i < times; i++) count(key as StockKey)
      }
    }
    yield* TestClock.adjust("1 second")
  }
})

/** The autopilot's figures, by name and kind. */
export const figures = Effect.map(Metric.snapshot, (all) => {
  const found: Record<string, number> = {}
  for (const { attributes, id, state } of all) {
    if (!id.startsWith("doorbuster_autopilot_")) continue
    const value = "count" in state ? state.count : "value" in state ? state.value : 0
    found[[id.slice("doorbuster_autopilot_".length), attributes?.["kind"]].join(" ").trim()] =
      Number(value)
  }
  return found
})

/** Counts from nothing, apart from other tests. */
export const freshFigures = Effect.provideService(Metric.MetricRegistry, new Map())
