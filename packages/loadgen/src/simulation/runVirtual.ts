import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { SeededRandom } from "./SeededRandom.ts"
import { SeededScheduler } from "./SeededScheduler.ts"
import { VirtualClock } from "./VirtualClock.ts"

/** The handles of a run, for the program that plays the world. */
export interface VirtualWorld {
  /** Fork it by name; the run's own streams are "chance", "clock" and "scheduler". */
  readonly random: SeededRandom
  readonly clock: VirtualClock
  readonly scheduler: SeededScheduler
}

export interface VirtualRunOptions {
  /** A uint32; decides everything that chance decides. */
  readonly seed: number
  /** Milliseconds since 1970 at which the run starts; by default the first of January 2026. */
  readonly startMs?: number
  /** Virtual milliseconds after which the run counts as hung; by default 30 days. */
  readonly maxVirtualMs?: number
  /** Tasks after which the run counts as hung; by default 50 million. */
  readonly maxSteps?: number
}

interface Figures {
  readonly steps: number
  readonly virtualMs: number
  /** Equal for two runs that made the same choices, see `SeededScheduler`. */
  readonly fingerprint: number
}

type Verdict<A, E> =
  | { readonly _tag: "Finished"; readonly exit: Exit.Exit<A, E> }
  | { readonly _tag: "Deadlocked" }
  | { readonly _tag: "Hung"; readonly limit: "steps" | "virtual time" }

/**
 * How a run ended. "Deadlocked": the program waits, nothing is ready and nobody sleeps; it waits
 * for itself, for a paused or killed process, or for a promise or a timer of the real world, which
 * have no place in a simulation. "Hung": it was still busy at the limit.
 */
export type VirtualOutcome<A, E> = Figures & Verdict<A, E>

const defaultStartMs = Date.UTC(2026, 0, 1)
const defaultVirtualMsMax = 30 * 24 * 60 * 60 * 1000
const defaultStepsMax = 50_000_000

/**
 * Runs a program to its end within this call, in virtual time. Same program and same seed give the
 * same run, step by step. What is left when the program ends (daemons, sleepers) never runs again.
 */
export const runVirtual = <A, E>(
  program: (world: VirtualWorld) => Effect.Effect<A, E>,
  options: VirtualRunOptions
): VirtualOutcome<A, E> => {
  const startMs = options.startMs ?? defaultStartMs
  const random = new SeededRandom(options.seed)
  const scheduler = new SeededScheduler(random.fork("scheduler"))
  const clock = new VirtualClock({ startMs, random: random.fork("clock"), scheduler })
  const context = Context.empty().pipe(
    Context.add(Clock.Clock, clock.view()),
    Context.add(Random.Random, random.fork("chance"))
  )
  const main = Effect.runForkWith(context)(
    Effect.suspend(() => program({ random, clock, scheduler })),
    { scheduler: scheduler.world }
  )
  const { steps, verdict } = play(
    main,
    { clock, scheduler },
    {
      steps: options.maxSteps ?? defaultStepsMax,
      untilMs: startMs + (options.maxVirtualMs ?? defaultVirtualMsMax)
    }
  )
  scheduler.close()
  clock.close()
  const { fingerprint } = scheduler
  return { ...verdict, steps, virtualMs: clock.nowMs - startMs, fingerprint }
}

const play = <A, E>(
  main: Fiber.Fiber<A, E>,
  { clock, scheduler }: Pick<VirtualWorld, "clock" | "scheduler">,
  limit: { readonly steps: number; readonly untilMs: number }
): { readonly steps: number; readonly verdict: Verdict<A, E> } => {
  for (let steps = 0; ; ) {
    const exit = main.pollUnsafe()
    if (exit !== undefined) return { steps, verdict: { _tag: "Finished", exit } }
    if (steps >= limit.steps) return { steps, verdict: { _tag: "Hung", limit: "steps" } }
    if (scheduler.runNext()) {
      steps++
      continue
    }
    const dueMs = clock.nextDueMs()
    if (dueMs === undefined) return { steps, verdict: { _tag: "Deadlocked" } }
    if (dueMs > limit.untilMs) return { steps, verdict: { _tag: "Hung", limit: "virtual time" } }
    clock.advance()
  }
}
