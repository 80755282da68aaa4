/**
 * A process dies at every boundary of every effect that a scenario has: before it, after it, with
 * the answer lost, or as a zombie. The boundaries are counted in an undisturbed run, not listed by
 * hand. Another process takes over, and where time is virtual it is hit as well, at every boundary
 * of its recovery; a third one brings it to an end. A zombie wakes up before each call of its heir.
 * Then everything is as it has to be.
 */
import { type Fault, type FaultMode, faultModes } from "@doorbuster/adapters/faults/ProcessFaults"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { caseToText, type Only, scenarios } from "./CrashCase.ts"
import {
  type CrashFailure,
  crashReport,
  groundReport,
  type Hit,
  type ScenarioReport
} from "./CrashReport.ts"
import type { Lane } from "./Ground.ts"
import { type Faulted, livesOn, type Played, play } from "./play.ts"
import type { Scenario } from "./Scenario.ts"
import type { Terrain } from "./Terrain.ts"

export interface CrashProgress {
  readonly ground: Terrain["name"]
  readonly scenario: string
  /** Plays so far, on all grounds. */
  readonly plays: number
  /** Scenarios that are done and that there are, on this ground. */
  readonly done: number
  readonly total: number
}

export interface MatrixOptions {
  readonly terrains: ReadonlyArray<Terrain>
  /** Second crashes during the recovery from the first, where time is virtual. */
  readonly pairs: boolean
  /** One scenario or one case; all when absent. */
  readonly only?: Only
  readonly onProgress?: (progress: CrashProgress) => Effect.Effect<void>
}

const calm: Faulted = { first: null, second: null }

const deadly = faultModes.filter((mode) => mode !== "paused")

/** The ways to hit whoever recovers; one that slept wakes up while its heir is stopped. */
const secondModes = ({ mode }: Fault): ReadonlyArray<FaultMode> =>
  mode === "paused" ? ["paused"] : deadly

/** The calls of whoever recovers from the first fault, with their numbers. */
const recovery = (first: Fault, { calls, recovered }: Played): ReadonlyArray<number> =>
  livesOn(first)
    ? calls.flatMap((_, at) => (at > first.at ? [at] : []))
    : Array.from({ length: recovered }, (_, at) => at)

/** Who was hit where, and whether it ever came to that call. */
const hitsOf = ({ first, second }: Faulted, { calls, heirCalls }: Played): ReadonlyArray<Hit> => {
  const hit = (fault: Fault, process: Hit["process"], of: ReadonlyArray<string>): Hit => ({
    process,
    number: fault.at + 1,
    call: of[fault.at] ?? null,
    mode: fault.mode
  })
  if (first === null) return []
  if (second === null) return [hit(first, "first", calls)]
  return livesOn(first)
    ? [hit(first, "first", calls), hit(second, "first", calls)]
    : [hit(first, "first", calls), hit(second, "second", heirCalls)]
}

/** What is counted while one scenario is played. */
class Tally {
  readonly failures: Array<CrashFailure> = []
  plays = 0
  singles = 0
  pairs = 0
  missed = 0

  add(terrain: Terrain, scenario: Scenario, faulted: Faulted, played: Played): void {
    this.plays++
    if (faulted.second !== null) this.pairs++
    else if (faulted.first !== null) this.singles++
    const hits = hitsOf(faulted, played)
    if (hits.some(({ call }) => call === null)) this.missed++
    if (played.broken.length === 0) return
    const name = caseToText(scenario, faulted)
    this.failures.push({
      ground: terrain.name,
      scenario: scenario.name,
      hits,
      broken: played.broken,
      replay: `store simulate --crash-matrix --only "${name}"`
    })
  }
}

/** Plays cases on whatever lane is free. */
const player = Effect.fnUntraced(function* (terrain: Terrain, afterPlay: Effect.Effect<void>) {
  const free = yield* Queue.unbounded<Lane>()
  yield* Queue.offerAll(free, terrain.lanes)
  return (tally: Tally, scenario: Scenario, faulted: Faulted) =>
    Effect.acquireUseRelease(
      Queue.take(free),
      (lane) => {
        const onFreshGround = Effect.flatMap(lane, (ground) => play(scenario, faulted, ground))
        return terrain.inTime(Effect.scoped(onFreshGround))
      },
      (lane) => Queue.offer(free, lane)
    ).pipe(
      Effect.tap((played) => Effect.sync(() => tally.add(terrain, scenario, faulted, played))),
      Effect.tap(afterPlay)
    )
})

type Player = Effect.Success<ReturnType<typeof player>>

const reportOf = ({ name, title }: Scenario, effects: number, tally: Tally): ScenarioReport => ({
  name,
  title,
  effects,
  boundaries: effects * faultModes.length,
  plays: tally.plays,
  singles: tally.singles,
  pairs: tally.pairs,
  missed: tally.missed,
  failures: tally.failures
})

const playScenario = Effect.fnUntraced(function* (
  terrain: Terrain,
  playOne: Player,
  scenario: Scenario,
  { only, pairs }: MatrixOptions
) {
  const tally = new Tally()
  const { calls } = yield* playOne(tally, scenario, calm)
  if (only?.faulted != null) {
    yield* playOne(tally, scenario, only.faulted)
    return reportOf(scenario, calls.length, tally)
  }
  const firsts = calls.flatMap((_, at) => faultModes.map((mode): Fault => ({ at, mode })))
  yield* Effect.forEach(
    firsts,
    Effect.fnUntraced(function* (first) {
      const played = yield* playOne(tally, scenario, { first, second: null })
      if (!pairs || !terrain.isVirtual) return
      for (const at of recovery(first, played)) {
        for (const mode of secondModes(first))
          yield* playOne(tally, scenario, { first, second: { at, mode } })
      }
    }),
    { concurrency: terrain.lanes.length, discard: true }
  )
  return reportOf(scenario, calls.length, tally)
})

const chosen = ({ only }: MatrixOptions): ReadonlyArray<Scenario> =>
  only === undefined ? scenarios : [only.scenario]

/** The matrix on all of these grounds; fails only where a store is down. */
export const crashMatrix = Effect.fnUntraced(
  function* (options: MatrixOptions) {
    let plays = 0
    const all = chosen(options)
    const playTerrain = Effect.fnUntraced(function* (terrain: Terrain) {
      const begunAt = yield* Clock.currentTimeMillis
      const reports: Array<ScenarioReport> = []
      for (const scenario of all) {
        const tell = Effect.suspend(() => {
          const counts = { plays: ++plays, done: reports.length, total: all.length }
          const progress = { ground: terrain.name, scenario: scenario.name, ...counts }
          return options.onProgress?.(progress) ?? Effect.void
        })
        // Plays in virtual time do not wait for anything: others get their turn in between.
        const playOne = yield* player(terrain, Effect.andThen(tell, Effect.yieldNow))
        reports.push(yield* playScenario(terrain, playOne, scenario, options))
      }
      return groundReport(terrain.name, reports, (yield* Clock.currentTimeMillis) - begunAt)
    })
    return crashReport(yield* Effect.forEach(options.terrains, playTerrain))
  },
  Effect.catchDefect((defect) =>
    defect instanceof StorageError ? Effect.fail(defect) : Effect.die(defect)
  )
)
