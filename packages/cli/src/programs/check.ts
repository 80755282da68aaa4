import { audit } from "@doorbuster/core/audit/audit"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import * as Effect from "effect/Effect"
import { exitCodes } from "../exitCodes.ts"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { checkView } from "../views/checkView.ts"
import { progress } from "../views/Progress.ts"

export interface CheckOptions {
  /** Seconds; undefined leaves it to the audit. */
  readonly grace: number | undefined
}

/** Every invariant over the whole store, the provider's own book included. */
export const check =
  ({ grace }: CheckOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const { captures } = yield* (yield* PaymentProvider).book
      const { at } = yield* progress("orders checked")
      const report = yield* audit({
        captures,
        onProgress: at,
        ...(grace !== undefined && { graceMs: grace * 1000 })
      })
      const exit = report.ok ? exitCodes.ok : exitCodes.invariantBroken
      return { json: report, text: checkView(report), exit }
    }).pipe(Effect.scoped, Effect.provide(ports(configuration)))
