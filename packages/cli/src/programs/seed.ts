import { type SeedStock, seed as seedStore } from "@doorbuster/loadgen/seed/seed"
import * as Effect from "effect/Effect"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { progress } from "../views/Progress.ts"
import { seedView } from "../views/seedView.ts"

export interface SeedOptions {
  readonly directory: string
  readonly stock: SeedStock
}

export const seed =
  ({ directory, stock }: SeedOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const { at } = yield* progress("seeding")
      const report = yield* seedStore(directory, stock, at)
      return { json: report, text: seedView(report) }
    }).pipe(Effect.scoped, Effect.provide(ports(configuration, "create")))
