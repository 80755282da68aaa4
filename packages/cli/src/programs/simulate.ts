import { closeSync, openSync, writeSync } from "node:fs"
import { availableParallelism } from "node:os"
import { type FaultKind, faultKinds } from "@doorbuster/loadgen/simulation/FaultKind"
import { playHere } from "@doorbuster/loadgen/simulation/playHere"
import { regressions } from "@doorbuster/loadgen/simulation/regressions"
import type { Narrowing } from "@doorbuster/loadgen/simulation/Scenario"
import { type Shrinking, shrink } from "@doorbuster/loadgen/simulation/shrink"
import {
  simulate as play,
  type Simulated,
  type Simulation
} from "@doorbuster/loadgen/simulation/simulate"
import { type SeedOutcome, simulateSeed } from "@doorbuster/loadgen/simulation/simulateSeed"
import * as Effect from "effect/Effect"
import { exitCodes } from "../exitCodes.ts"
import type { Program } from "../Program.ts"
import { progress } from "../views/Progress.ts"
import { simulationJson, simulationView } from "../views/simulationView.ts"
import { UsageRefused } from "./refund.ts"

export interface SimulateFlags {
  readonly seed: number
  readonly runs: number | undefined
  readonly jobs: number | undefined
  /** Of wall time. */
  readonly minutes: number | undefined
  /** Names with commas between them, or `none`. */
  readonly faults: string | undefined
  readonly checkouts: number | undefined
  readonly trace: string | undefined
  readonly history: string | undefined
}

const runsByDefault = 100
/** A run that fails is worth more than many that do: a few are enough to look at. */
const failuresMax = 5
const shrinking: Shrinking = {
  play: (seed, narrowing) => simulateSeed(seed, { narrowing }),
  triesMax: 60
}

const isKind = (name: string): name is FaultKind =>
  (faultKinds as ReadonlyArray<string>).includes(name)

const kindsOf = (
  given: string | undefined
): Effect.Effect<ReadonlyArray<FaultKind> | undefined, UsageRefused> => {
  if (given === undefined) return Effect.succeed(undefined)
  if (given === "none") return Effect.succeed([])
  const names = given.split(",").map((name) => name.trim())
  const unknown = names.find((name) => !isKind(name))
  if (unknown === undefined) return Effect.succeed(names.filter(isKind))
  const problem = `there is no fault "${unknown}"; there are ${faultKinds.join(", ")}`
  return Effect.fail(new UsageRefused({ problem }))
}

const narrowingOf = Effect.fnUntraced(function* ({ checkouts, faults }: SimulateFlags) {
  const kinds = yield* kindsOf(faults)
  const narrowing: Narrowing = {
    ...(kinds === undefined ? {} : { faults: kinds }),
    ...(checkouts === undefined ? {} : { checkouts })
  }
  return narrowing
})

/** A file that lines are written to, or nothing. */
const lines = (file: string | undefined) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => (file === undefined ? null : openSync(file, "w")),
      catch: (cause) => new UsageRefused({ problem: `${file} cannot be written: ${String(cause)}` })
    }),
    (handle) => Effect.sync(() => handle !== null && closeSync(handle))
  ).pipe(
    Effect.map((handle) =>
      handle === null ? undefined : (line: string) => void writeSync(handle, `${line}\n`)
    )
  )

/** What failed before is looked at first: a seed that fails again is told like any other. */
const playAll = Effect.fnUntraced(function* (flags: SimulateFlags) {
  const { history, minutes, seed, trace } = flags
  const narrowing = yield* narrowingOf(flags)
  const runs = flags.runs ?? (minutes === undefined ? runsByDefault : 2 ** 32)
  const { at } = yield* progress("runs")
  const simulation: Simulation = {
    seed,
    runs,
    jobs: flags.jobs ?? availableParallelism(),
    narrowing,
    wallMsMax: minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000,
    failuresMax,
    onProgress: (done) => Effect.runSync(minutes === undefined ? at(done, runs) : at(done))
  }
  if (trace !== undefined || history !== undefined) {
    const keep = yield* lines(trace)
    const record = yield* lines(history)
    return playHere(simulation, {
      ...(keep === undefined ? {} : { keep }),
      ...(record === undefined ? {} : { history: record })
    })
  }
  const first = runs > 1 ? regressions() : []
  const again: Simulated | null =
    first.length === 0 ? null : yield* play({ ...simulation, plays: first, onProgress: () => {} })
  const simulated = yield* play(simulation)
  const known = again?.failures ?? []
  const isNew = ({ seed: failed }: SeedOutcome) => known.every((outcome) => outcome.seed !== failed)
  return { ...simulated, failures: [...known, ...simulated.failures.filter(isNew)] }
})

/** Plays seeds, and makes the first failing one as small as it can. */
export const simulate =
  (flags: SimulateFlags): Program =>
  () =>
    Effect.gen(function* () {
      const { failures, report } = yield* playAll(flags)
      const [first] = failures
      const shrunk = first === undefined ? null : shrink(first, shrinking)
      const exit = failures.length === 0 ? exitCodes.ok : exitCodes.invariantBroken
      return {
        json: simulationJson(report, failures, shrunk),
        text: simulationView(report, failures, shrunk),
        exit
      }
    }).pipe(Effect.scoped)
