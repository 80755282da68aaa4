import { gallery } from "@doorbuster/loadgen/museum/gallery"
import { allFound, isUnchangedSound } from "@doorbuster/loadgen/museum/MuseumReport"
import type { Mutant } from "@doorbuster/loadgen/museum/Mutant"
import { museum } from "@doorbuster/loadgen/museum/museum"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"

const some = { seed: 1, runs: 20, jobs: 2 }

test("a store with a bug of others is caught, and ours is not", { timeout: 300_000 }, async () => {
  let seeds = 0
  const onProgress = (runs: number) =>
    Effect.sync(() => {
      seeds = runs
    })
  const mutants = gallery.filter(({ name }) => name === "two-lines-checked-one-by-one")
  const report = await Effect.runPromise(museum({ ...some, mutants, onProgress }))
  expect(allFound(report)).toBe(true)
  const finding = report.exhibits[0]?.finding
  expect(finding?.seed).toBe(some.seed + (finding?.runs ?? 0) - 1)
  expect(finding?.violation.invariant).toMatch(/^[a-z]+(\.[a-z_]+)?$/)
  expect(report.unchanged.runs).toBe(finding?.runs)
  expect(report.unchanged.findings).toEqual([])
  expect(isUnchangedSound(report)).toBe(true)
  // A seed that shows a mutant is not reported as run, only as found.
  expect(seeds).toBe(report.unchanged.runs + (finding?.runs ?? 0) - 1)
})

test("a store that cannot be loaded is an error, and no finding", async () => {
  const mutants = [{ ...(gallery[0] as Mutant), name: "not-in-the-gallery" }]
  const onProgress = () => Effect.void
  const attempt = Effect.flip(museum({ ...some, mutants, onProgress }))
  const { message } = await Effect.runPromise(attempt)
  expect(message).toContain("the museum cannot run mutant not-in-the-gallery")
})
