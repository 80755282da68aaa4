/** Where a world's stores are, and whose time passes there. */
import { layer as memoryPorts, type StorePorts } from "@doorbuster/adapters/memory/memoryLayer"
import type { SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import { SandboxBook } from "@doorbuster/adapters/payments/SandboxBook"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import {
  type SandboxEvents,
  layer as sandboxProvider
} from "@doorbuster/adapters/payments/SandboxProvider"
import type { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import type { Settings } from "@doorbuster/core/saga/Settings"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { WilfulBook } from "./WilfulBook.ts"

/** What a process finds outside of itself. */
export type Outside = StorePorts | PaymentProvider | SandboxEvents

export interface Ground {
  /** The stores and the provider, as one process reaches them: its connections are its own. */
  readonly reach: (
    sandbox: SandboxOptions,
    book: WilfulBook
  ) => Effect.Effect<Context.Context<Outside>, never, Scope.Scope>
  readonly settings: Settings
  /** Milliseconds after which another process comes; the lease of the dead one may still run. */
  readonly soonMs: number
  /** The life of a reservation that is to run out in a scenario; milliseconds. */
  readonly briefMs: number
  /**
   * Nobody else comes before the first process was hit or is done: where time is real, a slow one
   * would lose its calls to its heir.
   */
  readonly leavesAlone: boolean
  /** When a late payment is captured; null leaves it to the sandbox. */
  readonly lateMs: number | null
}

/** A place for one play at a time, fresh each time. */
export type Lane = Effect.Effect<Ground, never, Scope.Scope>

/** Short times, so that a few virtual minutes cover every wait. */
const virtualSettings: Settings = {
  reservationTtlMs: 60_000,
  leaseTtlMs: 3_000,
  pollMs: 1_000,
  claimLimit: 64,
  sagaDeadlineMs: 600_000,
  drainMs: 1_000,
  patience: { attempts: 3, delayMs: 20, delayMsMax: 500 }
}

/** The provider's memory over a ground's book. */
export const providerOver = (sandbox: SandboxOptions, book: WilfulBook) =>
  sandboxProvider(sandbox).pipe(
    Layer.provide(
      Layer.effect(
        SandboxBook,
        Effect.map(SandboxBook, (inner) => book.over(inner))
      )
    )
  )

/** Memory stores. */
export const memory: Lane = Effect.gen(function* () {
  const stores = yield* Layer.build(Layer.merge(memoryPorts, SandboxBookMemory.layer))
  return {
    reach: (sandbox, book) =>
      Layer.build(
        Layer.fresh(providerOver(sandbox, book)).pipe(
          Layer.provide(Layer.succeed(SandboxBook, Context.get(stores, SandboxBook)))
        )
      ).pipe(Effect.map((built) => Context.merge(stores, built))),
    settings: virtualSettings,
    soonMs: 2_000,
    briefMs: 1_500,
    leavesAlone: false,
    lateMs: null
  }
})
