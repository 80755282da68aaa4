import * as Effect from "effect/Effect"
import {
  runVirtual,
  type VirtualRunOptions,
  type VirtualWorld
} from "../../src/simulation/runVirtual.ts"

/** What a program comes to; a run that does not finish, or fails, fails the test. */
export const valueOf = <A, E>(
  program: (world: VirtualWorld) => Effect.Effect<A, E>,
  options: VirtualRunOptions = { seed: 1 }
): A => {
  const outcome = runVirtual(program, options)
  if (outcome._tag !== "Finished") throw new Error(`${outcome._tag} with seed ${options.seed}`)
  return Effect.runSync(outcome.exit)
}

/** Enough for every kind of schedule to be among them. */
export const seeds: ReadonlyArray<number> = Array.from({ length: 20 }, (_, seed) => seed)
