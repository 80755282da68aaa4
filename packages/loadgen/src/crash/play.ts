/** One case: a scenario on fresh ground, with up to two faults. */
import { type Fault, ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import { type CrashWorld, makeWorld, settle } from "./CrashWorld.ts"
import { Customer } from "./Customer.ts"
import type { Ground } from "./Ground.ts"
import type { Scenario } from "./Scenario.ts"
import { type Broken, judge } from "./verdict.ts"

/** The second fault meets whoever recovers from the first. */
export interface Faulted {
  readonly first: Fault | null
  readonly second: Fault | null
}

export interface Played {
  /** The calls of the process that was at work. */
  readonly calls: ReadonlyArray<string>
  /** The calls of the process that came after it. */
  readonly heirCalls: ReadonlyArray<string>
  /** How many of them it made before whoever slept woke up. */
  readonly recovered: number
  readonly broken: ReadonlyArray<Broken>
}

/** Whoever lost nothing but an answer recovers by itself. */
export const livesOn = ({ mode }: Fault): boolean => mode === "lost"

const groundFor = (scenario: Scenario, ground: Ground): Ground => {
  if (scenario.brief !== true && scenario.late !== true) return ground
  return { ...ground, settings: { ...ground.settings, reservationTtlMs: ground.briefMs } }
}

/** What was made before anything crashes. */
const prepare = Effect.fnUntraced(function* (
  { before = [] }: Scenario,
  world: CrashWorld,
  customer: Customer
) {
  let orderId = "" as OrderId
  if (before.length === 0) return orderId
  const maker = yield* world.start(new ProcessFaults(null))
  for (const errand of before) {
    yield* errand(customer, orderId)
    yield* settle(world)
    const [order] = yield* Effect.orDie(Context.get(world.outside, Orders).list({ limit: 1 }))
    orderId = order?.orderId ?? orderId
  }
  maker.faults.kill()
  return orderId
})

/** Bugs of ours that only a log tells of, because whoever met one tries again. */
const defectsIn = (log: Array<string>) =>
  Logger.make<unknown, void>(({ cause, logLevel, message }) => {
    if (logLevel === "Error" || logLevel === "Fatal") log.push(`${message}: ${Cause.pretty(cause)}`)
  })

const defect = (told: string): Broken => ({
  invariant: "crash.no_defect",
  key: "process",
  left: told,
  right: "nothing"
})

/** A play that broke off, or never came to its end: a finding, as what was hit can lead to it. */
export const brokenOff = (told: string): Played => ({
  calls: [],
  heirCalls: [],
  recovered: 0,
  broken: [defect(told)]
})

export const play = Effect.fnUntraced(
  function* (scenario: Scenario, { first, second }: Faulted, on: Ground) {
    const ground = groundFor(scenario, on)
    const sandbox = { seed: scenario.name, mix: scenario.mix }
    const late = ground.lateMs === null ? {} : { settlesAfterMs: ground.lateMs }
    const world = yield* makeWorld(ground, { sandbox, whims: { ...late, ...scenario.whims } })
    const customer = new Customer(world, scenario.insists === true)
    const orderId = yield* prepare(scenario, world, customer)

    const own = first !== null && livesOn(first) ? second : null
    const worker = new ProcessFaults(first, own)
    const heir = new ProcessFaults(own === null ? second : null)
    yield* world.start(worker)
    const act = yield* Effect.forkScoped(scenario.act(customer, orderId, world))
    if (ground.leavesAlone) {
      yield* settle(
        world,
        () => act.pollUnsafe() === undefined,
        () => first !== null && worker.isStruck
      )
    }
    yield* Effect.sleep(ground.soonMs + (scenario.late === true ? ground.briefMs : 0))
    yield* world.start(heir)
    const rest = settle(world, () => customer.isWaiting)
    if (own === null && second !== null) {
      yield* settle(
        world,
        () => customer.isWaiting,
        () => heir.isStruck
      )
      if (worker.paused && heir.paused) {
        // Whoever slept wakes up in the middle of its heir's work.
        worker.resume()
        yield* Effect.sleep(ground.soonMs)
        heir.resume()
      }
      yield* world.start(new ProcessFaults(null))
    }
    let isAtRest = yield* rest
    const recovered = heir.calls.length
    // Whoever still sleeps comes back, and finds that it is not its saga any more.
    if (worker.paused || heir.paused) {
      worker.resume()
      heir.resume()
      isAtRest = yield* rest
    }
    const [calls, heirCalls] = [[...worker.calls], [...heir.calls]]
    const broken = yield* judge(scenario, world, customer, isAtRest)
    return { calls, heirCalls, recovered, broken }
  },
  Effect.scoped,
  (effect, scenario) =>
    Effect.suspend(() => {
      const log: Array<string> = []
      return effect.pipe(
        Effect.map((played): Played => {
          return { ...played, broken: [...played.broken, ...log.map(defect)] }
        }),
        Effect.provideService(Logger.CurrentLoggers, new Set([defectsIn(log)])),
        Random.withSeed(scenario.name)
      )
    })
)
