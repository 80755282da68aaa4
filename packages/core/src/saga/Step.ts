/**
 * The three kinds of step and the three ways to fail, as types.
 *
 * - A *compensatable* step can be undone; it comes before the pivot.
 * - The *pivot* is the point from which only somebody else's answer decides.
 * - A *retriable* step must succeed in the end; it comes after the pivot.
 */
import type * as Effect from "effect/Effect"
import type { StorageError } from "../StorageError.ts"

/** Nothing happened, and trying again would not help: compensate. */
export interface Rejected<E> {
  readonly _tag: "Rejected"
  readonly reason: E
}

/** A machine failed: the same call may succeed later. */
export interface Machinery {
  readonly _tag: "Machinery"
  readonly detail: string
}

/** It may have happened: ask again with the same key until it is known. */
export interface Unknown {
  readonly _tag: "Unknown"
  readonly detail: string
}

/** Another worker owns the saga: stop at once, touch nothing. */
export interface Superseded {
  readonly _tag: "Superseded"
}

export const rejected = <E>(reason: E): Rejected<E> => ({ _tag: "Rejected", reason })
export const machinery = (error: { readonly message: string }): Machinery => ({
  _tag: "Machinery",
  detail: error.message
})
export const unknown = (error: { readonly message: string }): Unknown => ({
  _tag: "Unknown",
  detail: error.message
})

/** A write before the pivot that can never be stored is refused; otherwise a machine failed. */
export const refusedWrite = (error: StorageError): Rejected<StorageError> | Machinery =>
  error.reason === "bad_value" ? rejected(error) : machinery(error)

export const superseded: Superseded = { _tag: "Superseded" }

/** Why a saga is undone, as far as an undo needs to know it. */
export interface Reason {
  readonly _tag: string
}

/** Every step is idempotent by (saga, step): it may run again at any time. */
export interface Compensatable<C, E> {
  readonly kind: "compensatable"
  readonly name: string
  readonly run: (context: C) => Effect.Effect<void, Rejected<E> | Machinery | Superseded>
  /** Harmless when `run` never happened, and final when `run` comes late. */
  readonly undo: (
    context: C,
    reason: Reason
  ) => Effect.Effect<void, Machinery | Unknown | Superseded>
}

export interface Pivot<C, E> {
  readonly kind: "pivot"
  readonly name: string
  readonly run: (context: C) => Effect.Effect<void, Rejected<E> | Machinery | Unknown | Superseded>
}

export interface Retriable<C> {
  readonly kind: "retriable"
  readonly name: string
  readonly run: (context: C) => Effect.Effect<void, Machinery | Unknown | Superseded>
}

export type Step<C, E> = Compensatable<C, E> | Pivot<C, E> | Retriable<C>
