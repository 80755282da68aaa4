import { Payments } from "@doorbuster/core/payment/Payments"
import * as Effect from "effect/Effect"
import { exitCodes } from "../exitCodes.ts"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { balancePages, trialBalanceJson, trialBalanceView } from "../views/trialBalanceView.ts"

export const trialBalance: Program = (configuration) =>
  Effect.gen(function* () {
    const pages = balancePages(yield* (yield* Payments).trialBalance)
    const json = trialBalanceJson(pages)
    const exit = json.ok ? exitCodes.ok : exitCodes.invariantBroken
    return { json, text: trialBalanceView(pages), exit }
  }).pipe(Effect.provide(ports(configuration)))
