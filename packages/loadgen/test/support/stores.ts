/** A store of each kind, complete with its write path and the target of a replay. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { start } from "@doorbuster/adapters/embedded/EmbeddedPostgres"
import { MemoryStore } from "@doorbuster/adapters/memory/MemoryStore"
import * as memory from "@doorbuster/adapters/memory/memoryLayer"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxBookPostgres from "@doorbuster/adapters/payments/SandboxBookPostgres"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as CartsPostgres from "@doorbuster/adapters/postgres/CartsPostgres"
import * as CatalogPostgres from "@doorbuster/adapters/postgres/CatalogPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import { migrate, schemas } from "@doorbuster/adapters/postgres/Migrator"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as StoreCore from "@doorbuster/core/StoreCore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createDatabase } from "../../../../test/servers/database.ts"
import { MovementLog } from "../../src/replay/MovementLog.ts"
import * as targetInProcess from "../../src/replay/targetInProcess.ts"

const target = targetInProcess.layer.pipe(Layer.provideMerge(StoreCore.layerWorker))
const provider = Sandbox.layer(approveAll)

export const memoryStore = Layer.merge(target, MovementLog.layerMemory).pipe(
  Layer.provideMerge(provider.pipe(Layer.provide(SandboxBookMemory.layer))),
  Layer.provideMerge(memory.layerShared),
  Layer.provideMerge(MemoryStore.layer)
)

const storage = Layer.mergeAll(
  BooksPostgres.layer,
  CartsPostgres.layer,
  CatalogPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

const migrated = Layer.effectDiscard(
  Effect.gen(function* () {
    const database = yield* Database.OrdersDatabase
    yield* Effect.forEach(schemas, (schema) => migrate(database, schema))
  })
)

const postgresOver = (options: Database.Options) =>
  Layer.merge(target, MovementLog.layerPostgres).pipe(
    Layer.provideMerge(provider.pipe(Layer.provide(SandboxBookPostgres.layer))),
    Layer.provideMerge(storage),
    Layer.provideMerge(migrated),
    Layer.provideMerge(Database.layer(options))
  )

export const postgresStore = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => createDatabase()),
      (database) => Effect.promise(() => database.drop())
    ),
    ({ url }) => postgresOver({ connection: Redacted.make(url) })
  )
)

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-replay-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, maxRetries: 3 }))
)

const embeddedStore = Layer.unwrap(
  Effect.gen(function* () {
    const { config } = yield* start(yield* temporaryDirectory)
    return postgresOver({ connection: config })
  })
)

/** What a test may ask of any of them. */
type StoreServices = Exclude<Layer.Success<typeof memoryStore>, MemoryStore>
type Store = Layer.Layer<StoreServices, Layer.Error<typeof embeddedStore>>

export const stores: ReadonlyArray<readonly [name: string, store: Store]> = [
  ["memory", memoryStore],
  ["Postgres", postgresStore],
  ["the embedded Postgres", embeddedStore]
]
