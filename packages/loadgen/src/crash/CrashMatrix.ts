/**
 * A process dies at every boundary of every effect that a scenario has: before it, after it, with
 * the answer lost, or as a zombie. The boundaries are counted in an undisturbed run, not listed by
 * hand. Another process takes over, and where time is virtual it is hit as well, at every boundary
 * of its recovery; a third one brings it to an end. A zombie wakes up before each call of its heir.
 * Then everything is as it has to be.
 */
import {
  type Fault,
  type FaultMode,
  faultModes,
  type NthCall
} from "@doorbuster/adapters/faults/ProcessFaults"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { type Only, scenarios } from "./CrashCase.ts"
import { type CrashOutcome, commonCalls, irregularCalls, outcomeOf } from "./CrashOutcome.ts"
import { crashReport, groundReport, type ScenarioReport } from "./CrashReport.ts"
import type { Player } from "./Player.ts"
import { type Faulted, livesOn, type Played } from "./play.ts"
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

/**
 * Undisturbed runs of a scenario where time is real: some of them look once more than others. They
 * are played as the crashes are, on all places at once, so that they are as slow.
 */
const calmRuns = 8

/** Where an undisturbed run can be hit; in virtual time a number is enough to name a call. */
const firstFaults = (
  { isVirtual }: Terrain,
  effects: ReadonlyArray<NthCall>
): ReadonlyArray<Fault> =>
  effects.flatMap((call, number) =>
    faultModes.map((mode) => ({ at: isVirtual ? number : call, mode }))
  )

/** Where whoever recovers from the first fault can be hit, which is known by its number. */
const secondFaults = (first: Fault, { calls, recovered }: Played): ReadonlyArray<Fault> => {
  const from = livesOn(first) ? Number(first.at) + 1 : 0
  const until = livesOn(first) ? calls.length : recovered
  const numbers = Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index)
  return numbers.flatMap((at) => secondModes(first).map((mode) => ({ at, mode })))
}

/** In real time a call may fail to come by chance: so often it is waited for. */
const triesMax = 3

/** What one play came to, and what happened in it. */
interface Result {
  readonly outcome: CrashOutcome
  readonly played: Played
}

/** Plays cases with whichever player is free. */
const makePlayer = Effect.fnUntraced(function* (terrain: Terrain, afterPlay: Effect.Effect<void>) {
  const free = yield* Queue.unbounded<Player>()
  yield* Queue.offerAll(free, terrain.players)
  const playOnce = (scenario: Scenario, faulted: Faulted) =>
    Effect.acquireUseRelease(
      Queue.take(free),
      (player) => player(scenario, faulted),
      (player) => Queue.offer(free, player)
    ).pipe(Effect.tap(afterPlay))
  return Effect.fnUntraced(function* (scenario: Scenario, faulted: Faulted) {
    for (let tries = 1; ; tries++) {
      const played = yield* playOnce(scenario, faulted)
      const outcome = outcomeOf(scenario, faulted, played)
      const isKnown = outcome.unreached === null || outcome.broken.length > 0
      // In virtual time everything would happen just as it did.
      if (isKnown || terrain.isVirtual || tries === triesMax) return { outcome, played }
    }
  })
})

type PlayOne = Effect.Success<ReturnType<typeof makePlayer>>

const reportOf = (
  { name, title }: Scenario,
  { name: ground }: Terrain,
  counts: Pick<ScenarioReport, "effects" | "irregular" | "plays">,
  outcomes: ReadonlyArray<CrashOutcome>
): ScenarioReport => {
  const happened = outcomes.filter(({ hits, unreached }) => unreached === null && hits.length > 0)
  return {
    name,
    title,
    ...counts,
    boundaries: counts.effects * faultModes.length,
    singles: happened.filter(({ hits }) => hits.length === 1).length,
    pairs: happened.filter(({ hits }) => hits.length === 2).length,
    unreached: outcomes.flatMap(({ unreached }) => unreached ?? []),
    failures: outcomes
      .filter(({ broken }) => broken.length > 0)
      .map(({ broken, hits, name: replayed }) => ({
        ground,
        scenario: name,
        hits,
        broken,
        replay: `store simulate --crash-matrix --only "${replayed}"`
      }))
  }
}

/** Each first crash and the second ones that follow from it, in the order of the calls. */
const playCrashes = Effect.fnUntraced(function* (
  terrain: Terrain,
  playOne: (faulted: Faulted) => Effect.Effect<Result, Effect.Error<ReturnType<PlayOne>>>,
  effects: ReadonlyArray<NthCall>,
  pairs: boolean
) {
  // Whoever waits for a player costs nothing, and so none of them is ever without work.
  const atOnce = { concurrency: 2 * terrain.players.length }
  const crashes = yield* Effect.forEach(
    firstFaults(terrain, effects),
    Effect.fnUntraced(function* (first) {
      const single = yield* playOne({ first, second: null })
      const seconds = pairs && terrain.isVirtual ? secondFaults(first, single.played) : []
      const followed = yield* Effect.forEach(
        seconds,
        (second) =>
          Effect.map(playOne({ first, second }), ({ outcome }) => ({ ...single, outcome })),
        atOnce
      )
      return [single, ...followed]
    }),
    atOnce
  )
  return crashes.flat()
})

/**
 * In real time a play whose fault was never met was one more undisturbed run, and it shows that
 * the call does not come in each of them: then it is no boundary of the scenario.
 */
const settled = (
  terrain: Terrain,
  undisturbed: ReadonlyArray<ReadonlyArray<string>>,
  crashes: ReadonlyArray<Result>
) => {
  const missed = terrain.isVirtual
    ? []
    : crashes.filter(({ outcome }) => outcome.unreached !== null)
  const calls = [...undisturbed, ...missed.map(({ played }) => played.calls)]
  const effects = commonCalls(calls)
  const isRegular = ({ outcome: { broken, faulted } }: Result) => {
    const at = faulted.first?.at
    const isCommon =
      typeof at !== "object" || effects.some(({ call, nth }) => call === at.call && nth === at.nth)
    return isCommon || broken.length > 0
  }
  return {
    effects: effects.length,
    irregular: irregularCalls(calls),
    outcomes: crashes.filter(isRegular).map(({ outcome }) => outcome)
  }
}

const playScenario = Effect.fnUntraced(function* (
  terrain: Terrain,
  scenario: Scenario,
  { only, pairs }: MatrixOptions,
  afterPlay: Effect.Effect<void>
) {
  let plays = 0
  const counted = Effect.suspend(() => {
    plays++
    return afterPlay
  })
  const playAny = yield* makePlayer(terrain, counted)
  const playOne = (faulted: Faulted) => playAny(scenario, faulted)
  const times = terrain.isVirtual || only?.faulted != null ? 1 : calmRuns
  const runs = Array.from({ length: times }, () => playOne(calm))
  const undisturbed = yield* Effect.all(runs, { concurrency: "unbounded" })
  const calls = undisturbed.map(({ played }) => played.calls)
  const effects = commonCalls(calls)
  const undisturbedOutcomes = undisturbed.map(({ outcome }) => outcome)
  if (only?.faulted != null) {
    const { outcome } = yield* playOne(only.faulted)
    const counts = { plays, effects: effects.length, irregular: 0 }
    return reportOf(scenario, terrain, counts, [...undisturbedOutcomes, outcome])
  }
  const crashes = yield* playCrashes(terrain, playOne, effects, pairs)
  const { outcomes, ...found } = settled(terrain, calls, crashes)
  return reportOf(scenario, terrain, { plays, ...found }, [...undisturbedOutcomes, ...outcomes])
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
        const afterPlay = Effect.andThen(tell, Effect.yieldNow)
        reports.push(yield* playScenario(terrain, scenario, options, afterPlay))
      }
      return groundReport(terrain.name, reports, (yield* Clock.currentTimeMillis) - begunAt)
    })
    return crashReport(yield* Effect.forEach(options.terrains, playTerrain))
  },
  Effect.catchDefect((defect) =>
    defect instanceof StorageError ? Effect.fail(defect) : Effect.die(defect)
  )
)
