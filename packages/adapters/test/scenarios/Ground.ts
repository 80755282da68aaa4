/** Where a world's stores are, and whose time passes there. */
import type { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import type { Settings } from "@doorbuster/core/saga/Settings"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { layer as memoryPorts, type StorePorts } from "../../src/memory/memoryLayer.ts"
import type { SandboxOptions } from "../../src/payments/SandboxBehavior.ts"
import { SandboxBook } from "../../src/payments/SandboxBook.ts"
import * as SandboxBookMemory from "../../src/payments/SandboxBookMemory.ts"
import * as SandboxBookPostgres from "../../src/payments/SandboxBookPostgres.ts"
import { type SandboxEvents, layer as sandboxProvider } from "../../src/payments/SandboxProvider.ts"
import * as BooksPostgres from "../../src/postgres/BooksPostgres.ts"
import * as CartsPostgres from "../../src/postgres/CartsPostgres.ts"
import * as CatalogPostgres from "../../src/postgres/CatalogPostgres.ts"
import * as Database from "../../src/postgres/Database.ts"
import * as InventoryPostgres from "../../src/postgres/InventoryPostgres.ts"
import * as OrdersPostgres from "../../src/postgres/OrdersPostgres.ts"
import * as PaymentsPostgres from "../../src/postgres/PaymentsPostgres.ts"
import * as SagasPostgres from "../../src/postgres/SagasPostgres.ts"

/** What a process finds outside of itself. */
export type Outside = StorePorts | PaymentProvider | SandboxEvents

export interface Ground {
  /** The stores and the provider, as one process reaches them: its connections are its own. */
  readonly reach: (
    sandbox: SandboxOptions
  ) => Effect.Effect<Context.Context<Outside>, never, Scope.Scope>
  readonly settings: Settings
  /** Lets time pass for everybody. */
  readonly pass: (ms: number) => Effect.Effect<void>
}

/** Short times, so that a virtual quarter of an hour covers every wait. */
const virtualSettings: Settings = {
  reservationTtlMs: 60_000,
  leaseTtlMs: 10_000,
  pollMs: 1_000,
  claimLimit: 64,
  sagaDeadlineMs: 600_000,
  drainMs: 1_000,
  patience: { attempts: 5, delayMs: 20, delayMsMax: 500 }
}

/** Memory stores and a virtual clock. */
export const memory: Effect.Effect<Ground, never, Scope.Scope> = Effect.gen(function* () {
  const stores = yield* Layer.build(Layer.merge(memoryPorts, SandboxBookMemory.layer))
  const provider = (sandbox: SandboxOptions) =>
    sandboxProvider(sandbox).pipe(
      Layer.provide(Layer.succeed(SandboxBook, Context.get(stores, SandboxBook)))
    )
  return {
    reach: (sandbox) =>
      Layer.build(Layer.fresh(provider(sandbox))).pipe(
        Effect.map((built) => Context.merge(stores, built))
      ),
    settings: virtualSettings,
    pass: TestClock.adjust
  }
})

/** What a real database has to be waited for in real time. */
export const liveSettings: Settings = {
  reservationTtlMs: 60_000,
  leaseTtlMs: 300,
  pollMs: 50,
  claimLimit: 64,
  sagaDeadlineMs: 10_000,
  drainMs: 100,
  patience: { attempts: 5, delayMs: 10, delayMsMax: 100 }
}

const postgresPorts = Layer.mergeAll(
  BooksPostgres.layer,
  CartsPostgres.layer,
  CatalogPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

/** A database with all schemas, embedded or on a server, and real time. */
export const postgres = (
  connection: Database.Options["connection"],
  settings: Settings = liveSettings
): Ground => ({
  reach: (sandbox) => {
    const provider = sandboxProvider(sandbox).pipe(Layer.provide(SandboxBookPostgres.layer))
    // A process of its own has a pool of its own.
    const databases = Layer.fresh(Database.layer({ connection, poolMax: 4 }))
    return Layer.build(
      Layer.fresh(Layer.merge(postgresPorts, provider).pipe(Layer.provide(databases)))
    )
  },
  settings,
  pass: Effect.sleep
})
