import type { Settings } from "@doorbuster/core/saga/Settings"
import {
  type FaultKind,
  faultKinds,
  faults,
  faultsEverywhere,
  gateFaults,
  queueFaults
} from "./FaultKind.ts"
import { SeededRandom } from "./SeededRandom.ts"

/** Everything about a run that is not decided while it runs. */
export interface Scenario {
  readonly seed: number
  readonly processes: number
  /** Connections of each process. */
  readonly poolMax: number
  /** Most milliseconds that a message takes when nothing is wrong. */
  readonly latencyMsMax: number
  readonly settings: Settings
  /** Probability per occasion; 0 is off. */
  readonly rates: Readonly<Record<FaultKind, number>>
  /** Buyers come until so many orders were taken; more come when too few were. */
  readonly checkouts: number
  /** For so long faults happen and buyers come. */
  readonly busyMs: number
  /** How many buyers stand at the door at once, on average. */
  readonly rush: number
  /** Each process has a gate in front of the stock, and an autopilot. */
  readonly isGated: boolean
  /** The gates of all processes are one, in a Redis of their own. */
  readonly isGateShared: boolean
  /** Orders wait in line; null: they are placed while the buyer waits. */
  readonly queue: QueueScenario | null
}

/** See `QueueSettings`. */
interface QueueScenario {
  readonly perSecond: number
  readonly capacity: number
  readonly inFlightMax: number
}

/** A part of a seed's scenario: for making a failing run smaller, and for looking closely. */
export interface Narrowing {
  /** The only kinds of fault that stay on, as far as the seed has them on. */
  readonly faults?: ReadonlyArray<FaultKind>
  readonly checkouts?: number
}

const minute = 60_000

type Rates = Record<FaultKind, number>

/** A kind that is off in every other seed leaves room for what others do undisturbed. */
const chosen = (random: SeededRandom, kinds: ReadonlyArray<FaultKind>): Partial<Rates> =>
  Object.fromEntries(
    kinds.map((kind) => {
      const isOn = random.chance(0.5)
      const rate = Math.min(1, faults[kind].rate * 3 ** (random.next() * 2 - 1))
      return [kind, isOn ? rate : 0] as const
    })
  )

const none = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Rates

const kindsOf = (group: object) => Object.keys(group) as ReadonlyArray<FaultKind>

/** What only some worlds have; its choices leave those of every other world as they were. */
const extrasOf = (random: SeededRandom, isGated: boolean) => {
  const isGateShared = isGated && random.fork("gate").chance(0.5)
  const line = random.fork("queue")
  const queue = line.chance(0.3)
    ? {
        perSecond: line.pick([5, 20, 100]),
        capacity: line.pick([30, 1_000]),
        inFlightMax: line.pick([2, 8, 64])
      }
    : null
  const rates: Partial<Rates> = {
    ...(isGateShared && chosen(random.fork("gate faults"), kindsOf(gateFaults))),
    ...(queue !== null && chosen(random.fork("queue faults"), kindsOf(queueFaults)))
  }
  return { isGateShared, queue, rates }
}

const settingsOf = (random: SeededRandom): Settings => ({
  reservationTtlMs: random.pick([2, 5, 15]) * minute,
  leaseTtlMs: random.pick([15_000, 30_000, 60_000]),
  pollMs: random.pick([5_000, 10_000, 20_000]),
  claimLimit: random.pick([2, 16, 256]),
  sagaDeadlineMs: 60 * minute,
  drainMs: 1_000,
  patience: {
    attempts: random.between(3, 8),
    delayMs: 20,
    delayMsMax: random.pick([500, 2_000])
  }
})

export const faultsOn = ({ rates }: Pick<Scenario, "rates">): ReadonlyArray<FaultKind> =>
  faultKinds.filter((kind) => rates[kind] > 0)

const only = (rates: Scenario["rates"], kinds: ReadonlyArray<FaultKind>): Scenario["rates"] => {
  const kept = faultKinds.map((kind) => [kind, kinds.includes(kind) ? rates[kind] : 0] as const)
  return Object.fromEntries(kept) as Record<FaultKind, number>
}

/** The scenario of a seed, or a part of it. */
export const scenarioOf = (seed: number, { checkouts, faults }: Narrowing = {}): Scenario => {
  const random = new SeededRandom(seed).fork("scenario")
  const usual = {
    seed,
    processes: random.between(2, 4),
    poolMax: random.pick([2, 4, 8]),
    latencyMsMax: random.pick([0, 2, 5, 20]),
    settings: settingsOf(random),
    rates: { ...none, ...chosen(random, faultsEverywhere) },
    checkouts: 200 + random.below(16),
    busyMs: (30 + random.below(6)) * minute,
    rush: random.pick([2, 8, 24, 60]),
    isGated: random.chance(0.5)
  }
  const { rates: more, ...extras } = extrasOf(random, usual.isGated)
  const rates = { ...usual.rates, ...more }
  return {
    ...usual,
    ...extras,
    checkouts: checkouts ?? usual.checkouts,
    rates: faults === undefined ? rates : only(rates, faults)
  }
}
