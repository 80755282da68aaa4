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
}

/** Processes wait for leases most of the time, so several plays fit into one machine. */
const serverLanes = 8
const embeddedLanes = 2

const serverOf = Effect.fnUntraced(function* ({ values }: Configuration) {
  const url = values.databaseUrl ?? values.ordersDatabaseUrl
  if (url !== undefined) return yield* Terrain.server(url, serverLanes)
  const problem = "the ground postgres needs a server: set DATABASE_URL, or give --database-url"
  return yield* new UsageRefused({ problem })
})

const terrainOf = (
  name: Terrain.TerrainName,
  configuration: Configuration
): Effect.Effect<Terrain.Terrain, { readonly message: string }, Scope.Scope> => {
  switch (name) {
    case "memory":
      return Effect.succeed(Terrain.memory)
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

/** In virtual time a process that never comes to its call means that there is no such case. */
const exitOf = ({ grounds, ok }: CrashReport): ExitCode => {
  if (!ok) return exitCodes.invariantBroken
  const isPlayed = grounds.every(({ ground, missed }) => ground !== "memory" || missed === 0)
  return isPlayed ? exitCodes.ok : exitCodes.runInvalid
}

/** Crashes at every boundary of every effect, and what became of the orders. */
export const crashMatrix =
  ({ grounds, only, pairs }: CrashMatrixOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const chosen = yield* onlyOf(only)
      const terrains = yield* Effect.forEach([...new Set(grounds)], (name) =>
        terrainOf(name, configuration)
      )
      const { at } = yield* progress("crashes played")
      const onProgress = ({ plays }: CrashProgress) => at(plays)
      const report = yield* playMatrix({ terrains, pairs, onProgress, ...chosen })
      return { json: snakeKeys(report), text: crashMatrixView(report), exit: exitOf(report) }
    }).pipe(Effect.scoped)
