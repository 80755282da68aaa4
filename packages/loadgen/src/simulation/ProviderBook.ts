import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type {
  ProviderCapture,
  ProviderEvent,
  ProviderPayment,
  ProviderRefund
} from "@doorbuster/core/payment/PaymentProvider"
import type { Uuid } from "@doorbuster/core/Uuid"
import { Later } from "./Later.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { Stage } from "./Stage.ts"

interface Row {
  readonly paymentId: Uuid
  readonly amount: Minor
  readonly currency: Currency
  state: "unconfirmed" | "pending" | "captured" | "declined" | "canceled"
  readonly captures: Array<ProviderCapture>
}

/** A message to the shop; what nobody would ask for is repeated until it is taken. */
export interface Message {
  readonly event: ProviderEvent
  readonly isVital: boolean
}

const minute = 60_000

/**
 * The payment provider's own memory: it outlives every store process and shares no transaction
 * with it. It keeps its promises (a call with the same id has the same effect once) and no others.
 */
export class ProviderBook {
  readonly #stage: Stage
  readonly #random: SeededRandom
  readonly #rows = new Map<Uuid, Row>()
  readonly #refunds = new Map<Uuid, ProviderRefund>()
  readonly #announce: (message: Message) => void
  /** What the provider still does of its own accord. */
  readonly later: Later

  constructor(stage: Stage, announce: (message: Message) => void) {
    this.#stage = stage
    this.#random = stage.random.fork("provider")
    this.later = new Later(stage.clock, this.#random)
    this.#announce = announce
  }

  open(payment: Pick<Row, "paymentId" | "amount" | "currency">): ProviderPayment {
    const { amount, currency, paymentId } = payment
    const known = this.#rows.get(paymentId)
    if (known === undefined) {
      this.#rows.set(paymentId, {
        paymentId,
        amount,
        currency,
        state: "unconfirmed",
        captures: []
      })
    }
    return this.answer(paymentId) as ProviderPayment
  }

  /** Undefined for a payment that was never opened. */
  capture(paymentId: Uuid): ProviderPayment | undefined {
    const row = this.#rows.get(paymentId)
    if (row?.state === "unconfirmed") this.#decide(row)
    return this.answer(paymentId)
  }

  cancel(payment: Pick<Row, "paymentId" | "amount" | "currency">): ProviderPayment {
    this.open(payment)
    const row = this.#rows.get(payment.paymentId) as Row
    if (row.state === "pending") {
      row.state = "canceled"
      if (this.#stage.faults.happens("capture_after_cancel", "provider.cancel")) {
        this.later.plan(this.#random.between(1_000, 5 * minute), () =>
          this.#take(row, row.amount, true)
        )
      }
    }
    if (row.state === "unconfirmed") row.state = "canceled"
    return this.answer(payment.paymentId) as ProviderPayment
  }

  /** False: more than is left of what was captured. */
  refund(refund: ProviderRefund): boolean {
    const { amount, paymentId, refundId } = refund
    if (this.#refunds.has(refundId)) return true
    if (amount > this.#capturedOf(paymentId) - this.refundedOf(paymentId)) return false
    this.#refunds.set(refundId, { amount, paymentId, refundId })
    return true
  }

  answer(paymentId: Uuid): ProviderPayment | undefined {
    const row = this.#rows.get(paymentId)
    switch (row?.state) {
      case undefined:
        return undefined
      case "unconfirmed":
        return { _tag: "Unconfirmed" }
      case "pending":
        return { _tag: "Pending" }
      case "captured":
        return { _tag: "Captured", captures: [...row.captures] }
      case "declined":
        return { _tag: "Declined", reason: "card_declined" }
      case "canceled":
        return { _tag: "Canceled" }
    }
  }

  get captures(): ReadonlyArray<ProviderCapture> {
    return [...this.#rows.values()].flatMap(({ captures }) => captures)
  }

  get refunds(): ReadonlyArray<ProviderRefund> {
    return [...this.#refunds.values()]
  }

  refundedOf(paymentId: Uuid): bigint {
    let sum = 0n
    for (const refund of this.#refunds.values()) {
      if (refund.paymentId === paymentId) sum += refund.amount
    }
    return sum
  }

  #capturedOf(paymentId: Uuid): bigint {
    return this.#rows.get(paymentId)?.captures.reduce((sum, c) => sum + c.amount, 0n) ?? 0n
  }

  #decide(row: Row): void {
    const { faults, scenario } = this.#stage
    const at = "provider.capture"
    if (faults.happens("provider_decline", at)) {
      row.state = "declined"
      return
    }
    const isExpiry = faults.happens("expiry", at)
    if (isExpiry || faults.happens("provider_late", at)) {
      const ttl = scenario.settings.reservationTtlMs
      const waitMs = isExpiry
        ? ttl + this.#random.between(0, 3 * minute)
        : this.#random.between(100, 90_000)
      row.state = "pending"
      this.later.plan(waitMs, () => {
        if (row.state === "pending") this.#take(row, row.amount, false)
      })
      return
    }
    const isShort = row.amount > 1n && faults.happens("provider_short", at)
    this.#take(row, isShort ? ((row.amount / 2n) as Minor) : row.amount, false)
  }

  #take(row: Row, amount: Minor, isVital: boolean): void {
    const { clock, faults } = this.#stage
    row.state = "captured"
    const capture: ProviderCapture = {
      captureId: `cap_${row.paymentId}_${row.captures.length + 1}`,
      paymentId: row.paymentId,
      amount,
      currency: row.currency,
      capturedAt: clock.nowMs
    }
    row.captures.push(capture)
    const { captureId: eventId, paymentId } = capture
    this.#announce({ event: { eventId, type: "payment.captured", paymentId, capture }, isVital })
    if (row.captures.length === 1 && faults.happens("provider_twice", "provider.capture")) {
      this.later.plan(this.#random.between(0, 3 * minute), () => this.#take(row, row.amount, true))
    }
  }
}
