/** The sandbox provider's book with a will of its own: slow, short of money, or of another mind. */
import {
  type GiveBack,
  SandboxBook,
  type SandboxPayment,
  type SandboxRefund
} from "@doorbuster/adapters/payments/SandboxBook"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"

export interface Whims {
  /** Milliseconds after which a late payment is captured; absent leaves it to the sandbox. */
  readonly settlesAfterMs?: number
  /** Minor units that a capture takes less than it was asked for. */
  readonly shortBy?: bigint
}

type Book = (typeof SandboxBook)["Service"]

/** What the provider has decided against its own word outlives every process of the shop. */
export class WilfulBook {
  readonly #whims: Whims
  readonly #overruled = new Map<Uuid, SandboxPayment>()
  readonly #refunds = new Map<Uuid, SandboxRefund>()

  constructor(whims: Whims) {
    this.#whims = whims
  }

  #seen(payment: SandboxPayment): SandboxPayment {
    const shown = this.#overruled.get(payment.paymentId) ?? payment
    const short = this.#whims.shortBy ?? 0n
    if (shown.state !== "captured" || short === 0n) return shown
    return { ...shown, amount: (shown.amount - short) as Minor }
  }

  /** Takes the money after all, whatever was said before. */
  overrule(payment: SandboxPayment, at: number): SandboxPayment {
    const captured: SandboxPayment = { ...payment, state: "captured", capturedAt: at, reason: null }
    this.#overruled.set(payment.paymentId, captured)
    return captured
  }

  #giveBack({ amount, paymentId, refundId }: GiveBack): boolean {
    if (this.#refunds.has(refundId)) return true
    const given = [...this.#refunds.values()].filter((refund) => refund.paymentId === paymentId)
    const total = given.reduce((sum, refund) => sum + refund.amount, 0n)
    if (total + amount > (this.#overruled.get(paymentId)?.amount ?? 0n)) return false
    this.#refunds.set(refundId, { amount, paymentId, refundId })
    return true
  }

  /** The book as this provider shows it. */
  over(inner: Book): Book {
    const { settlesAfterMs } = this.#whims
    return SandboxBook.of({
      open: (batch) =>
        Effect.map(inner.open(batch), (found) => found.map((payment) => this.#seen(payment))),
      settle: (batch) => {
        const changes = batch.map((change) =>
          change.to === "pending" && settlesAfterMs !== undefined
            ? { ...change, settlesAt: change.at + settlesAfterMs }
            : change
        )
        return Effect.map(inner.settle(changes), (found) =>
          found.map((payment) => payment && this.#seen(payment))
        )
      },
      find: (paymentIds, at) =>
        Effect.map(inner.find(paymentIds, at), (found) =>
          found.map((payment) => payment && this.#seen(payment))
        ),
      refund: (batch) => {
        const others = batch.filter(({ paymentId }) => !this.#overruled.has(paymentId))
        return Effect.map(inner.refund(others), (done) => {
          const answers = new Map(others.map((refund, index) => [refund, done[index] === true]))
          return batch.map((refund) => answers.get(refund) ?? this.#giveBack(refund))
        })
      },
      captured: (at) =>
        Effect.map(inner.captured(at), (found) => [
          ...found.map((payment) => this.#seen(payment)),
          ...this.#overruled.values()
        ]),
      refunds: Effect.map(inner.refunds, (found) => [...found, ...this.#refunds.values()])
    })
  }
}
