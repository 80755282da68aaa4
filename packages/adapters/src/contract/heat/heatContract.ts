import { Heat, type HeatReport, reportTtlMs } from "@doorbuster/core/edge/heat/Heat"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshName } from "../fresh.ts"
import { type Promises, suite } from "../suite.ts"

const report = (process: string, perSecond: number): HeatReport => ({
  process,
  sketch: {
    capacity: 64,
    total: perSecond + 0.125,
    floor: 0.125,
    entries: [{ key: "a key, with ~ signs: €", count: perSecond, error: 0.1 }]
  }
})

const freshProcesses = (count: number) =>
  Effect.forEach(Array.from({ length: count }), () => freshName("process"))

/** Of the reports those of these processes: the others belong to other tests. */
const among = (reports: ReadonlyArray<HeatReport>, processes: ReadonlyArray<string>) =>
  reports
    .filter(({ process }) => processes.includes(process))
    .sort((a, b) => (a.process < b.process ? -1 : 1))

const heat: Promises<Heat> = {
  "answers a process with its own report, as it was given": Effect.gen(function* () {
    const { exchange } = yield* Heat
    const [one = ""] = yield* freshProcesses(1)
    const reports = yield* exchange(report(one, 1 / 3))
    assert.deepStrictEqual(among(reports, [one]), [report(one, 1 / 3)])
  }),

  "shows each process the last report of every other": Effect.gen(function* () {
    const { exchange } = yield* Heat
    const [one = "", other = ""] = (yield* freshProcesses(2)).toSorted()
    yield* exchange(report(one, 10))
    yield* exchange(report(other, 20))
    const reports = yield* exchange(report(one, 30))
    assert.deepStrictEqual(among(reports, [one, other]), [report(one, 30), report(other, 20)])
  }),

  "carries a report of nothing": Effect.gen(function* () {
    const { exchange } = yield* Heat
    const [process = ""] = yield* freshProcesses(1)
    const nothing = { process, sketch: { capacity: 64, total: 0, floor: 0, entries: [] } }
    assert.deepStrictEqual(among(yield* exchange(nothing), [process]), [nothing])
  }),

  "loses no report of processes that come at the same time": Effect.gen(function* () {
    const { exchange } = yield* Heat
    const processes = (yield* freshProcesses(20)).toSorted()
    yield* Effect.forEach(processes, (process, i) => exchange(report(process, i)), {
      concurrency: "unbounded"
    })
    const [first = ""] = processes
    const reports = yield* exchange(report(first, 0))
    assert.deepStrictEqual(
      among(reports, processes),
      processes.map((process, i) => report(process, i))
    )
  }),

  "forgets a process that has been silent for a while": Effect.gen(function* () {
    const { exchange } = yield* Heat
    const [one = "", other = ""] = (yield* freshProcesses(2)).toSorted()
    yield* exchange(report(other, 20))
    yield* exchange(report(one, 10))
    yield* Effect.sleep(reportTtlMs / 2)
    const before = yield* exchange(report(one, 10))
    assert.deepStrictEqual(among(before, [one, other]), [report(one, 10), report(other, 20)])
    yield* Effect.sleep(reportTtlMs / 2 + 100)
    const after = yield* exchange(report(one, 10))
    assert.deepStrictEqual(among(after, [one, other]), [report(one, 10)])
  })
}

/** What every `Heat` promises. */
export const heatContract = <E>(name: string, adapter: Layer.Layer<Heat, E>): void =>
  suite(`Heat contract: ${name}`, adapter, [heat])
