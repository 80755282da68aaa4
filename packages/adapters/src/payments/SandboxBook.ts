import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

export type SandboxState = "unconfirmed" | "pending" | "captured" | "declined" | "canceled"

/** One payment as the sandbox provider keeps it. Times are epoch milliseconds. */
export interface SandboxPayment {
  readonly paymentId: Uuid
  readonly amount: Minor
  readonly currency: Currency
  readonly state: SandboxState
  /** Why it was declined. */
  readonly reason: string | null
  /** When a pending payment is captured. */
  readonly settlesAt: number | null
  readonly capturedAt: number | null
}

export interface SandboxRefund {
  readonly refundId: Uuid
  readonly paymentId: Uuid
  readonly amount: Minor
}

export interface OpenPayment {
  readonly paymentId: Uuid
  readonly amount: Minor
  readonly currency: Currency
}

export interface SettlePayment {
  readonly paymentId: Uuid
  readonly to: "pending" | "captured" | "declined" | "canceled"
  readonly reason: string | null
  readonly settlesAt: number | null
  readonly at: number
}

export interface GiveBack extends SandboxRefund {
  readonly at: number
}

/**
 * The sandbox provider's own book. It is another system's memory: it outlives a crash of the store
 * and shares no transaction with it. Batches are stored whole; every call is idempotent.
 *
 * Callers bring their own times, and an older one may come later. So a capture that is due by
 * someone's time is written down before anybody is told of it, and no later call can undo it.
 */
export class SandboxBook extends Context.Service<
  SandboxBook,
  {
    /** The payment, made unconfirmed where there was none. */
    readonly open: (
      batch: ReadonlyArray<OpenPayment>
    ) => Effect.Effect<ReadonlyArray<SandboxPayment>, StorageError>
    /**
     * The payment after the change. Only an unconfirmed payment changes, and a pending one: it is
     * captured as soon as its time has come, and canceled before that.
     */
    readonly settle: (
      batch: ReadonlyArray<SettlePayment>
    ) => Effect.Effect<ReadonlyArray<SandboxPayment | undefined>, StorageError>
    /** The payments as they are at this time; undefined where there is none. */
    readonly find: (
      paymentIds: ReadonlyArray<Uuid>,
      at: number
    ) => Effect.Effect<ReadonlyArray<SandboxPayment | undefined>, StorageError>
    /** False: more than was captured by then, nothing changed. */
    readonly refund: (
      batch: ReadonlyArray<GiveBack>
    ) => Effect.Effect<ReadonlyArray<boolean>, StorageError>
    /** The payments that are captured at this time. */
    readonly captured: (at: number) => Effect.Effect<ReadonlyArray<SandboxPayment>, StorageError>
    readonly refunds: Effect.Effect<ReadonlyArray<SandboxRefund>, StorageError>
  }
>()("@doorbuster/adapters/payments/SandboxBook") {}

/** A pending payment is captured as soon as its time has come, whether anybody asks or not. */
export const asOf = (payment: SandboxPayment, at: number): SandboxPayment => {
  const { state, settlesAt } = payment
  const isDue = state === "pending" && settlesAt !== null && settlesAt <= at
  return isDue ? { ...payment, state: "captured", capturedAt: settlesAt } : payment
}

/** What `settle` does to one payment. */
export const settled = (before: SandboxPayment, change: SettlePayment): SandboxPayment => {
  const payment = asOf(before, change.at)
  const { state } = payment
  if (state === "pending" && change.to === "canceled") return { ...payment, state: "canceled" }
  if (state !== "unconfirmed") return payment
  return {
    ...payment,
    state: change.to,
    reason: change.reason,
    settlesAt: change.settlesAt,
    capturedAt: change.to === "captured" ? change.at : null
  }
}
