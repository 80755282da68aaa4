import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import type { AccountId, OrderId } from "./OrderId.ts"
import type { OrderState } from "./OrderState.ts"
import type { SagaKind, SagaRecord, StoredAnswer } from "./SagaRecord.ts"

export interface OpenSaga {
  readonly sagaId: Uuid
  readonly kind: SagaKind
  readonly orderId: OrderId
  readonly account: AccountId
  /** Null for sagas that the store itself begins. */
  readonly key: string | null
  /** Digest of the request's body; equal keys must come with equal bodies. */
  readonly fingerprint: string
  readonly payload: string
  readonly worker: string
  readonly at: number
  readonly deadlineAt: number
}

/** An idempotency key as whoever used it named it. */
export interface KeyOfAccount {
  readonly account: AccountId
  readonly key: string
}

/** What a key was claimed for; `answer` is null while the first request runs. */
export interface Claim {
  readonly fingerprint: string
  readonly answer: StoredAnswer | null
}

export type OpenOutcome =
  /** Opened now by this call (or before by the same saga id). */
  | { readonly _tag: "Opened" }
  | { readonly _tag: "InFlight"; readonly sagaId: Uuid }
  | { readonly _tag: "Answered"; readonly answer: StoredAnswer }
  /** The key came with another body. */
  | { readonly _tag: "KeyReused" }

export interface CloseSaga {
  readonly sagaId: Uuid
  readonly epoch: number
  readonly at: number
  readonly as: "done" | "failed"
  readonly error: string | null
  /** Stored under the key where it has no answer yet; null frees a key that has none. */
  readonly answer: StoredAnswer | null
}

export type CloseOutcome = { readonly _tag: "Closed" } | { readonly _tag: "Superseded" }

export type CancelRequestOutcome =
  | { readonly _tag: "Requested"; readonly sagaId: Uuid }
  /** No checkout is open for it: the order's state decides. */
  | { readonly _tag: "NotOpen"; readonly state: OrderState }
  | { readonly _tag: "UnknownOrder" }

export interface SagaQuery {
  readonly state?: SagaRecord["state"]
  readonly orderId?: OrderId
  /** Only sagas beyond their deadline at this time (epoch ms). */
  readonly stuckAt?: number
  readonly limit: number
}

/**
 * The saga log with its idempotency keys, and the workers' leases. It lives in the schema of the
 * orders. Leases run on the store's own time, never on a process's.
 */
export class Sagas extends Context.Service<
  Sagas,
  {
    /** Claims the keys and writes the saga rows, owned by `worker`, epoch 1. */
    readonly open: (
      batch: ReadonlyArray<OpenSaga>
    ) => Effect.Effect<ReadonlyArray<OpenOutcome>, StorageError>
    readonly close: (
      batch: ReadonlyArray<CloseSaga>
    ) => Effect.Effect<ReadonlyArray<CloseOutcome>, StorageError>
    /** What these keys were claimed for, in the order asked for; undefined for a free key. */
    readonly claimsOf: (
      batch: ReadonlyArray<KeyOfAccount>
    ) => Effect.Effect<ReadonlyArray<Claim | undefined>, StorageError>
    /** Which of these sagas are asked to cancel. Read before a capture goes out. */
    readonly cancelRequested: (
      sagaIds: ReadonlyArray<Uuid>
    ) => Effect.Effect<ReadonlyArray<boolean>, StorageError>
    /**
     * Flags the order's open checkout while the order is `pending_payment` (one atomic check, so
     * that a flag is either seen by the move to `paid` or not set); its owner obeys. With
     * `account`: only that one's order.
     */
    readonly requestCancel: (
      orderId: OrderId,
      account: AccountId | null
    ) => Effect.Effect<CancelRequestOutcome, StorageError>
    /** Puts a saga down after machine failures: any worker may take it up after `runAfter`. */
    readonly park: (
      sagaId: Uuid,
      epoch: number,
      error: string,
      runAfter: number
    ) => Effect.Effect<void, StorageError>
    /** Makes a parked saga ready at once and forgets its attempts. False if it is not open. */
    readonly retry: (sagaId: Uuid) => Effect.Effect<boolean, StorageError>
    /**
     * Takes over up to `limit` open sagas that wait for any worker or whose owner's lease has run
     * out; each comes with its epoch raised by one.
     */
    readonly claim: (
      worker: string,
      now: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<SagaRecord>, StorageError>
    /**
     * Takes up the open sagas that `worker` owns itself but does not run, each with its epoch
     * raised by one: a claim whose answer was lost leaves such ones, and as long as the worker
     * lives nobody else would take them. Sagas opened after `openedBefore` are left alone, because
     * their run may have begun while this was asked. By ascending id.
     */
    readonly reclaim: (
      worker: string,
      running: ReadonlyArray<Uuid>,
      openedBefore: number
    ) => Effect.Effect<ReadonlyArray<SagaRecord>, StorageError>
    /** Takes or renews the worker's lease for `ttlMs`. */
    readonly lease: (worker: string, ttlMs: number) => Effect.Effect<void, StorageError>
    /** Ends the lease and hands the worker's open sagas to whoever comes. */
    readonly handOver: (worker: string) => Effect.Effect<void, StorageError>
    readonly find: (sagaId: Uuid) => Effect.Effect<SagaRecord | undefined, StorageError>
    readonly list: (query: SagaQuery) => Effect.Effect<ReadonlyArray<SagaRecord>, StorageError>
  }
>()("@doorbuster/core/order/Sagas") {}
