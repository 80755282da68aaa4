/** The only place where adapters are chosen. */
import * as AnswerCacheMemory from "@doorbuster/adapters/memory/AnswerCacheMemory"
import * as CatalogCopiesMemory from "@doorbuster/adapters/memory/CatalogCopiesMemory"
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import * as HeatMemory from "@doorbuster/adapters/memory/HeatMemory"
import * as OrderQueueMemory from "@doorbuster/adapters/memory/OrderQueueMemory"
import * as SessionsMemory from "@doorbuster/adapters/memory/SessionsMemory"
import * as SandboxBook from "@doorbuster/adapters/payments/SandboxBookPostgres"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import * as SandboxWebhooks from "@doorbuster/adapters/payments/SandboxWebhooks"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as CartsPostgres from "@doorbuster/adapters/postgres/CartsPostgres"
import * as CatalogPostgres from "@doorbuster/adapters/postgres/CatalogPostgres"
import type {
  CatalogDatabase,
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import * as HotKeysPostgres from "@doorbuster/adapters/postgres/HotKeysPostgres"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as RetentionPostgres from "@doorbuster/adapters/postgres/RetentionPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as AnswerCacheRedis from "@doorbuster/adapters/redis/AnswerCacheRedis"
import * as CartsRedis from "@doorbuster/adapters/redis/CartsRedis"
import * as CatalogCopiesRedis from "@doorbuster/adapters/redis/CatalogCopiesRedis"
import * as GateRedis from "@doorbuster/adapters/redis/GateRedis"
import * as HeatRedis from "@doorbuster/adapters/redis/HeatRedis"
import * as OrderQueueRedis from "@doorbuster/adapters/redis/queue/OrderQueueRedis"
import * as RedisClient from "@doorbuster/adapters/redis/RedisClient"
import * as SessionsRedis from "@doorbuster/adapters/redis/SessionsRedis"
import * as pilotedGate from "@doorbuster/core/edge/heat/pilotedGate"
import * as keepGate from "@doorbuster/core/edge/keepGate"
import * as StoreCore from "@doorbuster/core/StoreCore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Configuration } from "./configuration/Configuration.ts"
import type { ConfigurationInvalid } from "./configuration/ConfigurationInvalid.ts"
import { sandboxOptions } from "./configuration/providerMix.ts"
import { type Access, databases } from "./databases.ts"
import * as migrations from "./migrations.ts"
import { assemble, beside, type OwnPorts, served, serverPort } from "./plugins/assemble.ts"
import type { ServerPortName, StorePort } from "./plugins/pluggable.ts"

const provider = (configuration: Configuration) =>
  Layer.unwrap(Effect.map(sandboxOptions(configuration), Sandbox.layer)).pipe(
    Layer.provide(SandboxBook.layer)
  )

/** What the store's own layers may ask for. */
type Home = InventoryDatabase | OrdersDatabase | MoneyDatabase | CatalogDatabase

/** What may run beside them: all that a worker has. */
type Worker = Home | StorePort | Layer.Success<typeof StoreCore.layerWorker>

/** Who serves each port when nothing is plugged: chosen here, and only here. */
const choose = (configuration: Configuration): OwnPorts<ConfigurationInvalid, Home, Worker> => {
  const { redisUrl } = configuration.values
  const redis = redisUrl === undefined ? undefined : RedisClient.layer({ url: redisUrl })
  /** By all processes on one Redis; without a Redis, each has its own. */
  const shared = <S>(all: Layer.Layer<S, never, RedisClient.RedisClient>, own: Layer.Layer<S>) =>
    redis === undefined
      ? { by: "memory", layer: own }
      : { by: "redis", layer: Layer.provide(all, redis) }
  const sandbox = provider(configuration)
  return {
    answerCache: shared(AnswerCacheRedis.layer, AnswerCacheMemory.layer),
    books: { by: "postgres", layer: BooksPostgres.layer },
    carts:
      redis === undefined
        ? { by: "postgres", layer: CartsPostgres.layer }
        : { by: "redis", layer: Layer.provide(CartsRedis.layer, redis) },
    catalog: { by: "postgres", layer: CatalogPostgres.layer },
    catalogCopies: shared(CatalogCopiesRedis.layer, CatalogCopiesMemory.layer),
    gate: shared(GateRedis.layer, GateMemory.layer),
    heat: shared(HeatRedis.layer, HeatMemory.layer),
    hotKeys: { by: "postgres", layer: HotKeysPostgres.layer },
    inventory: { by: "postgres", layer: InventoryPostgres.layer },
    orderQueue: shared(OrderQueueRedis.layer(), OrderQueueMemory.layer),
    orders: { by: "postgres", layer: OrdersPostgres.layer },
    paymentProvider: {
      by: "sandbox",
      layer: sandbox,
      beside: SandboxWebhooks.layer.pipe(Layer.provide(sandbox))
    },
    payments: { by: "postgres", layer: PaymentsPostgres.layer },
    retention: { by: "postgres", layer: RetentionPostgres.layer },
    sagas: { by: "postgres", layer: SagasPostgres.layer },
    sessions: shared(SessionsRedis.layer, SessionsMemory.layer)
  }
}

const chosen = new WeakMap<Configuration, ReturnType<typeof choose>>()

/** The same layers each time, so that what several ports share (a client) is built once. */
const ownPorts = (configuration: Configuration) => {
  const own = chosen.get(configuration) ?? choose(configuration)
  chosen.set(configuration, own)
  return own
}

/** Who serves each port in this configuration; builds nothing. */
export const servedPorts = (configuration: Configuration) =>
  served(ownPorts(configuration), configuration.plugins)

/** Every port, the payment provider included, over a store whose schema is this program's. */
export const ports = (configuration: Configuration, access: Access = "existing") => {
  const ready = access === "existing" ? migrations.layerChecked : migrations.layerApplied
  return assemble(ownPorts(configuration), configuration.plugins).pipe(
    Layer.provideMerge(ready),
    Layer.provideMerge(databases(configuration, access))
  )
}

/** A port that only takers of orders need, over the ports of the store. */
export const portOfServer = <N extends ServerPortName>(configuration: Configuration, name: N) =>
  serverPort(ownPorts(configuration), configuration.plugins, name)

/** The gate's keeper; with `isPiloted`, also the autopilot that finds hot SKUs. */
const gateKeeping = (configuration: Configuration, isPiloted: boolean) => {
  const port = <N extends ServerPortName>(name: N) => portOfServer(configuration, name)
  return isPiloted
    ? pilotedGate.layer.pipe(
        Layer.provide(Layer.mergeAll(port("gate"), port("heat"), port("hotKeys")))
      )
    : keepGate.layer.pipe(Layer.provide(port("gate")))
}

/**
 * The ports with the whole write path behind its gate, and a worker that keeps its sagas; with
 * `takesOver`, also those that nobody keeps.
 */
export const worker = (
  configuration: Configuration,
  access: Access = "existing",
  { isPiloted = false, takesOver = true } = {}
) =>
  beside(ownPorts(configuration), configuration.plugins).pipe(
    Layer.provideMerge(takesOver ? StoreCore.layerWorker : StoreCore.layerOwnWorker),
    Layer.provideMerge(gateKeeping(configuration, isPiloted)),
    Layer.provideMerge(ports(configuration, access))
  )

/** Brings the schema up to this program, and lets go of the databases. */
export const migrated = (configuration: Configuration) =>
  Layer.build(migrations.layerApplied.pipe(Layer.provide(databases(configuration, "own"))))
