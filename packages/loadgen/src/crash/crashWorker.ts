/** A worker thread that plays cases over memory stores, one after the other, as it is asked. */
import { parentPort } from "node:worker_threads"
import * as Effect from "effect/Effect"
import { type CaseName, scenarios } from "./CrashCase.ts"
import { inMemory } from "./Player.ts"

parentPort?.on("message", async ({ faulted, scenario: name }: CaseName) => {
  const scenario = scenarios.find((known) => known.name === name)
  if (scenario === undefined) throw new TypeError(`no scenario ${name}`)
  parentPort?.postMessage(await Effect.runPromise(inMemory(scenario, faulted)))
})
