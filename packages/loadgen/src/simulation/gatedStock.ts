/** The stock of a process that has a gate in front of it, and an autopilot. */
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import * as HotKeysPostgres from "@doorbuster/adapters/postgres/HotKeysPostgres"
import * as GateRedis from "@doorbuster/adapters/redis/GateRedis"
import { GateSettings } from "@doorbuster/core/edge/GateSettings"
import { AutopilotSettings } from "@doorbuster/core/edge/heat/AutopilotSettings"
import * as pilotedGate from "@doorbuster/core/edge/heat/pilotedGate"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type { Scenario } from "./Scenario.ts"

/** A few hundred buyers in half an hour: what is a rush here is nothing anywhere else. */
const settings = Layer.merge(
  Layer.succeed(GateSettings, {
    periodMs: 10_000,
    trustMs: 30_000,
    plentyUnits: 60,
    plentyPeriods: 3,
    idlePeriods: 120,
    keysMax: 1_000
  }),
  Layer.succeed(AutopilotSettings, {
    beatMs: 15_000,
    promoteAt: 0.1,
    promoteAfterMs: 0,
    demoteBelow: 0.05,
    demoteAfterMs: 45_000,
    hotKeysMax: 3,
    switchesPerMinute: 4,
    segmentedFrom: 3
  })
)

/** When all is well, how long a refusal by the gate may lag behind the stock: two periods. */
export const gateLagMsMax = 20_000

/** In place of the bare stock: behind a gate of the process's own, or one that all share. */
export const gatedStock = ({ isGateShared }: Scenario) =>
  pilotedGate.layer.pipe(
    Layer.provide(isGateShared ? GateRedis.layer : GateMemory.layer),
    Layer.provide(HotKeysPostgres.layer),
    Layer.provide(settings),
    Layer.provide(Logger.layer([]))
  )
