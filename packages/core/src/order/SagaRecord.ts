import type { Uuid } from "../Uuid.ts"
import type { AccountId, OrderId } from "./OrderId.ts"

export type SagaKind = "checkout" | "ship" | "deliver" | "refund" | "unapplied_refund"

/** `open` until it ends as `done` (all steps taken) or `failed` (all compensated). */
export type SagaState = "open" | "done" | "failed"

/** The first answer given under an idempotency key: HTTP status and JSON body. */
export interface StoredAnswer {
  readonly status: number
  readonly body: string
}

export interface SagaRecord {
  readonly sagaId: Uuid
  readonly kind: SagaKind
  readonly orderId: OrderId
  readonly account: AccountId
  /** Null for sagas that the store itself began. */
  readonly key: string | null
  readonly state: SagaState
  /** The worker that runs it; null when it waits for any worker. */
  readonly owner: string | null
  readonly epoch: number
  /** What the steps need, JSON; its shape belongs to the kind. */
  readonly payload: string
  readonly cancelRequested: boolean
  /** Epoch milliseconds before which no worker takes it up again. */
  readonly runAfter: number
  /** Times it was put down because a machine failed. */
  readonly attempts: number
  readonly lastError: string | null
  readonly openedAt: number
  /** Epoch milliseconds; a saga that is open beyond it counts as stuck. */
  readonly deadlineAt: number
  readonly closedAt: number | null
}
