/**
 * Goal: what the simulated server does, Postgres does. The simulation is worth as much as this.
 * Method: histories of a few clients in a tiny world are run on the real server, one round trip at
 * a time, and then turn by turn on the simulated one. After each turn both have to have said the
 * same (rows, or SQLSTATE) to the same clients, with the same ones waiting for a lock; at the end
 * all tables have to be equal, row by row.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Coverage } from "./Coverage.ts"
import { describeHistory } from "./describeHistory.ts"
import { differenceOf } from "./difference.ts"
import type { History } from "./History.ts"
import { clientsMax, kinds } from "./histories.ts"
import { postgresSide } from "./PostgresSide.ts"
import { tours } from "./tours.ts"

const histories = Number(process.env["DIFFERENTIAL_HISTORIES"] ?? 40)
const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
/** What is enough for a slow machine, and for making a failing history small. */
const timeLimitMs = 20_000 + histories * 200

const scope = Effect.runSync(Scope.make())
const coverage = new Coverage()
let real: Effect.Success<ReturnType<typeof postgresSide>>
beforeAll(async () => {
  real = await Effect.runPromise(Scope.provide(postgresSide(clientsMax + 1), scope))
})
/** A run that is broken off goes on for a while: the next history has the server to itself. */
let busy: Promise<unknown> = Promise.resolve()
const agree = (history: History): Promise<void> => {
  const own = busy.then(async () => {
    const difference = await differenceOf(real, history, coverage).catch(String)
    if (difference !== null) throw new Error(`${describeHistory(history)}\n${difference}`)
  })
  busy = own.catch(() => undefined)
  return own
}
afterAll(async () => {
  await busy
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

describe(`the simulated server and Postgres agree (DIFFERENTIAL_SEED=${seed})`, () => {
  test("on every statement, and on a deadlock", async () => {
    for (const history of tours) await agree(history)
  })

  for (const { arbitrary, name } of kinds) {
    test(`on ${name}`, { timeout: 2 * timeLimitMs }, async () => {
      const result = await fc.check(fc.asyncProperty(arbitrary, agree), {
        numRuns: histories,
        seed,
        interruptAfterTimeLimit: timeLimitMs
      })
      if (result.errorInstance !== null) throw result.errorInstance
      expect(result.numRuns).toBeGreaterThan(0)
    })
  }

  test("on histories in which everything happens", ({ annotate }) => {
    annotate([...coverage.counts].map(([what, count]) => `${count} ${what}`).join("\n"))
    expect(coverage.missing()).toEqual([])
  })
})
