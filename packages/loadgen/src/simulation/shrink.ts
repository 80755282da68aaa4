import { faultsOn, type Narrowing, scenarioOf } from "./Scenario.ts"
import type { SeedOutcome } from "./simulateSeed.ts"

/** The smallest part of a failing scenario that was found in which the same promise is broken. */
export interface Shrunk {
  readonly narrowing: Required<Narrowing>
  readonly outcome: SeedOutcome
  readonly tries: number
}

export interface Shrinking {
  /** Plays a part of a seed's scenario. */
  readonly play: (seed: number, narrowing: Required<Narrowing>) => SeedOutcome
  readonly triesMax: number
}

/**
 * Takes faults and buyers away as long as the same invariant is still found broken: first half of
 * the faults at a time, then one by one, then buyers. It ends after so many tries.
 */
export const shrink = (failed: SeedOutcome, { play, triesMax }: Shrinking): Shrunk => {
  const broken = failed.violations[0]?.invariant
  const whole = scenarioOf(failed.seed, failed.narrowing)
  let narrowing: Shrunk["narrowing"] = { faults: faultsOn(whole), checkouts: whole.checkouts }
  let smallest = failed
  let tries = 0
  const attempt = (smaller: Shrunk["narrowing"]): boolean => {
    if (tries >= triesMax) return false
    tries++
    const outcome = play(failed.seed, smaller)
    if (!outcome.violations.some(({ invariant }) => invariant === broken)) return false
    narrowing = smaller
    smallest = outcome
    return true
  }
  for (let size = Math.ceil(narrowing.faults.length / 2); size >= 1; size >>= 1) {
    for (let at = 0; at < narrowing.faults.length; ) {
      const rest = narrowing.faults.filter((_, i) => i < at || i >= at + size)
      if (!attempt({ ...narrowing, faults: rest })) at += size
    }
  }
  for (const checkouts of [10, 25, 50, 100]) {
    if (checkouts >= narrowing.checkouts) break
    if (attempt({ ...narrowing, checkouts })) break
  }
  return { narrowing, outcome: smallest, tries }
}
