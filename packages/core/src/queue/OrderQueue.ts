import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Sku } from "../catalog/Sku.ts"
import type { AccountId } from "../order/OrderId.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import type { PlacedAnswer, QueueAnswer } from "./QueueAnswer.ts"
import type { QueuedOrder } from "./QueuedOrder.ts"

export type JoinOutcome =
  /** In line; `position` as in `TicketState`. The same (account, key) keeps its place. */
  | { readonly _tag: "Waiting"; readonly ticket: Uuid; readonly position: number }
  /** It was placed before. A ticket that was refused joins anew instead. */
  | { readonly _tag: "Placed"; readonly ticket: Uuid; readonly answer: PlacedAnswer }
  /** The key came with another body, and that order waits or is placed. */
  | { readonly _tag: "KeyReused" }
  /** More than `capacity` wait; nothing was kept. */
  | { readonly _tag: "Full" }

export type TicketState =
  /** 1 is next; 0 is being placed now. */
  | { readonly _tag: "Waiting"; readonly account: AccountId; readonly position: number }
  | { readonly _tag: "Answered"; readonly account: AccountId; readonly answer: QueueAnswer }

/** One order's stay in the line; a ticket that joins anew has a new one. */
export interface QueueEntry {
  /** The adapter's own name for it. */
  readonly entry: string
  readonly ticket: Uuid
  readonly order: QueuedOrder
  /** How often it was handed out, 1 the first time. */
  readonly deliveries: number
}

export interface TakeRequest {
  readonly consumer: string
  readonly limit: number
  /** How many entries all consumers together may take in a second. */
  readonly perSecond: number
}

export interface Settlement extends Pick<QueueEntry, "entry" | "ticket" | "order"> {
  readonly answer: QueueAnswer
  /** Given up: it is kept apart as well, for somebody to look at. */
  readonly dead: boolean
}

export interface Wanting {
  readonly ticket: Uuid
  /** Units of the SKU that was asked about. */
  readonly units: number
}

export interface QueueCounts {
  readonly waiting: number
  /** Handed out and not yet settled. */
  readonly taken: number
  /** Ever given up, as far as they are kept. */
  readonly dead: number
}

/**
 * Orders in line, in the order in which they came, and the tickets of those who sent them.
 *
 * It is not the record of anything: whoever loses it makes people queue again, and an order that
 * was placed is found by its key all the same. An entry is handed out to one consumer at a time and
 * comes again, to another one, when its consumer has not renewed it for a while; so an order may be
 * run twice, and its key sees to it that it happens once. A settled entry never comes again.
 *
 * Batches are answered item by item, in the order given. A call that failed may have happened;
 * every call may be repeated.
 */
export class OrderQueue extends Context.Service<
  OrderQueue,
  {
    /** Takes a place in line for each order. `capacity`: how many may wait at most. */
    readonly join: (
      orders: ReadonlyArray<QueuedOrder>,
      capacity: number
    ) => Effect.Effect<ReadonlyArray<JoinOutcome>, StorageError>
    /** How the tickets stand; undefined where there is none. Answers are kept for an hour. */
    readonly find: (
      tickets: ReadonlyArray<Uuid>
    ) => Effect.Effect<ReadonlyArray<TicketState | undefined>, StorageError>
    /** The next in line, up to `limit`, no faster than the rate: as many as are due by now. */
    readonly take: (request: TakeRequest) => Effect.Effect<ReadonlyArray<QueueEntry>, StorageError>
    /** Entries whose consumer has let `idleMs` pass without a word now are `consumer`'s. */
    readonly claim: (
      consumer: string,
      idleMs: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<QueueEntry>, StorageError>
    /** Says that `consumer` still works on these, as far as they are its own. */
    readonly keep: (
      consumer: string,
      entries: ReadonlyArray<string>
    ) => Effect.Effect<void, StorageError>
    /** Puts these down, as if never handed out: whoever claims next has them. */
    readonly release: (
      consumer: string,
      entries: ReadonlyArray<string>
    ) => Effect.Effect<void, StorageError>
    /**
     * Answers the tickets and acknowledges their entries, in one step. A ticket that was placed
     * stays so, whatever another consumer found; one that has joined anew is not refused.
     */
    readonly settle: (batch: ReadonlyArray<Settlement>) => Effect.Effect<void, StorageError>
    /** Who waits, not yet handed out, and wants more than `moreThan` units; any `limit` of them. */
    readonly wanting: (
      sku: Sku,
      moreThan: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Wanting>, StorageError>
    /** Answers tickets out of turn, as far as they are not handed out; says how many were. */
    readonly refuse: (
      batch: ReadonlyArray<{ readonly ticket: Uuid; readonly answer: QueueAnswer }>
    ) => Effect.Effect<number, StorageError>
    readonly counts: Effect.Effect<QueueCounts, StorageError>
  }
>()("@doorbuster/core/queue/OrderQueue") {}
