import { snakeKeys } from "@doorbuster/adapters/http/wire/snakeCase"
import { caseFromText, type Only } from "@doorbuster/loadgen/crash/CrashCase"
import {
  type CrashProgress,
  crashMatrix as playMatrix
} from "@doorbuster/loadgen/crash/CrashMatrix"
import type { CrashReport } from "@doorbuster/loadgen/crash/CrashReport"
import * as Terrain from "@doorbuster/loadgen/crash/Terrain"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Configuration } from "../configuration/Configuration.ts"
import { type ExitCode, exitCodes } from "../exitCodes.ts"
import type { Program } from "../Program.ts"
import { crashMatrixView } from "../views/crashMatrixView.ts"
import { progress } from "../views/Progress.ts"
import { UsageRefused } from "./refund.ts"

export interface CrashMatrixOptions {
  /** As in `checkout-approved/8:after/3:before`; undefined plays everything. */
  readonly only: string | undefined
  readonly grounds: ReadonlyArray<Terrain.TerrainName>
  /** Second crashes during each recovery, over the memory stores. */
  readonly pairs: boolean
  /** Threads at once over the memory stores; what is reported does not depend on it. */
  readonly jobs: number
}

/** Processes wait for leases most of the time, so several plays fit into one machine. */
const serverLanes = 12
const embeddedLanes = 4

const serverOf = Effect.fnUntraced(function* ({ values }: Configuration) {
  const url = values.databaseUrl ?? values.ordersDatabaseUrl
  if (url !== undefined) return yield* Terrain.server(url, serverLanes)
  const problem = "the ground postgres needs a server: set DATABASE_URL, or give --database-url"
  return yield* new UsageRefused({ problem })
})

const terrainOf = (
  name: Terrain.TerrainName,
  jobs: number,
  configuration: Configuration
): Effect.Effect<Terrain.Terrain, { readonly message: string }, Scope.Scope> => {
  switch (name) {
    case "memory":
      return jobs === 1 ? Effect.succeed(Terrain.memory) : Terrain.memoryThreads(jobs)
    case "embedded":
      return Terrain.embedded(embeddedLanes)
    case "postgres":
      return serverOf(configuration)
  }
}

const onlyOf = (
  given: string | undefined
): Effect.Effect<{ readonly only?: Only }, UsageRefused> => {
  if (given === undefined) return Effect.succeed({})
  return caseFromText(given).pipe(
    Effect.map((only) => ({ only })),
    Effect.mapError(({ message }) => new UsageRefused({ problem: message }))
  )
}

/** A boundary at which nothing crashed was not tried, and proves nothing. */
const exitOf = ({ missed, ok }: CrashReport): ExitCode => {
  if (!ok) return exitCodes.invariantBroken
  return missed === 0 ? exitCodes.ok : exitCodes.runInvalid
}

/** Crashes at every boundary of every effect, and what became of the orders. */
export const crashMatrix =
  ({ grounds, jobs, only, pairs }: CrashMatrixOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const chosen = yield* onlyOf(only)
      // One case is played sooner than a thread has begun.
      const threads = chosen.only?.faulted == null ? jobs : 1
      const terrains = yield* Effect.forEach([...new Set(grounds)], (name) =>
        terrainOf(name, threads, configuration)
      )
      const { at } = yield* progress("crashes played")
      const onProgress = ({ plays }: CrashProgress) => at(plays)
      const report = yield* playMatrix({ terrains, pairs, onProgress, ...chosen })
      return { json: snakeKeys(report), text: crashMatrixView(report), exit: exitOf(report) }
    }).pipe(Effect.scoped)
