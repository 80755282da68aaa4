import {
  PaymentProvider,
  type ProviderError,
  ProviderOutcomeUnknown,
  ProviderUnavailable
} from "@doorbuster/core/payment/PaymentProvider"
import * as Effect from "effect/Effect"
import type { ProviderBook } from "./ProviderBook.ts"
import { latency } from "./Stage.ts"
import type { StoreProcess } from "./StoreProcess.ts"

type Call<A> = Effect.Effect<A, ProviderError>

/** The provider as one store process reaches it, over a network that loses and repeats. */
export const providerPort = (
  process: StoreProcess,
  book: ProviderBook
): PaymentProvider["Service"] => {
  const { clock, faults, random, scenario, trace } = process.stage
  const chance = random.fork(`provider link of ${process.name}`)

  /** `act` is what the provider does; it throws what it refuses. */
  const call = <A>(operation: string, act: () => A | undefined): Call<A> =>
    Effect.callback<A, ProviderError>((resume) => {
      const step = `provider.${operation}`
      const unavailable = (detail: string) =>
        Effect.fail(new ProviderUnavailable({ operation, detail }))
      const unknown = Effect.fail(
        new ProviderOutcomeUnknown({ operation, detail: "there was no answer" })
      )
      const dies = faults.happens("crash", step)
      const isSent = !dies || chance.chance(0.6)
      trace.note(process.name, isSent ? step : `${step} unsent`)
      if (dies) process.crash()
      if (dies && !isSent) return
      if (faults.happens("pause", step)) process.pause(chance.between(1_000, 60_000))
      const outcome = () => {
        const answer = act()
        return answer === undefined ? unavailable("refused") : Effect.succeed(answer)
      }
      const refused = !dies && faults.happens("provider_refused", step)
      if (refused) {
        resume(unavailable("not reachable"))
        return
      }
      const lostBefore = faults.happens("provider_timeout_before", step)
      const lostAfter = faults.happens("provider_timeout_after", step)
      const slowMs = faults.happens("provider_delay", step) ? chance.between(1_000, 60_000) : 0
      const timeoutMs = chance.between(5_000, 30_000)
      if (faults.happens("provider_duplicate", step)) {
        clock.after(chance.between(1, 30_000), () => void act())
      }
      clock.after(latency(chance, scenario) + chance.below(50), () => {
        if (lostBefore) {
          clock.after(timeoutMs, () => resume(unknown))
          return
        }
        const answer = outcome()
        if (dies) return
        if (lostAfter) clock.after(timeoutMs, () => resume(unknown))
        else clock.after(latency(chance, scenario) + slowMs, () => resume(answer))
      })
    })

  return PaymentProvider.of({
    name: "simulated",
    create: (payment) => call("create", () => book.open(payment)),
    capture: (paymentId) => call("capture", () => book.capture(paymentId)),
    cancel: (payment) => call("cancel", () => book.cancel(payment)),
    refund: (refund) => call("refund", () => (book.refund(refund) ? refund : undefined)),
    book: Effect.sync(() => ({ captures: book.captures, refunds: book.refunds }))
  })
}
