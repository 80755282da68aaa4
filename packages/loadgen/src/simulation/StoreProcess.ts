import * as Database from "@doorbuster/adapters/postgres/Database"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import type { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import type { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import type { Writes } from "@doorbuster/core/batch/Writes"
import type { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Checkout } from "@doorbuster/core/checkout/Checkout"
import type { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import type { Heat } from "@doorbuster/core/edge/heat/Heat"
import type { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { Orders } from "@doorbuster/core/order/Orders"
import type { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import type { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import type { Refunds } from "@doorbuster/core/refund/Refunds"
import * as StoreCore from "@doorbuster/core/StoreCore"
import { Settings } from "@doorbuster/core/saga/Settings"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import type { ClockView } from "./ClockView.ts"
import { linkOf } from "./databaseLink.ts"
import { gatedStock } from "./gatedStock.ts"
import { queuedOrders } from "./line/queuedOrders.ts"
import type { ProcessGroup } from "./ProcessGroup.ts"
import type { Stage } from "./Stage.ts"

/** What a buyer, the staff or the provider can ask of a store process. */
export type Services = Checkout | PaymentEvents | Fulfillment | Refunds | Orders | Writes

/** What a process shares with the others, seen from there. */
export type Outside = (
  process: StoreProcess
) => Context.Context<Catalog | Heat | OrderQueue | PaymentProvider | RedisClient>

/** A request whose answer never came: refused, cut off, or lost. It may have been done. */
export interface NoAnswer {
  readonly _tag: "NoAnswer"
}
export const noAnswer: NoAnswer = { _tag: "NoAnswer" }

export type Reply<A, E> = Exit.Exit<A, E> | NoAnswer

const minute = 60_000

/** One incarnation of a process between its start and its death. */
interface Life {
  readonly group: ProcessGroup
  readonly database: SimulatedDatabase.SimulatedDatabase
  readonly context: Context.Context<never>
  services: Context.Context<Services> | null
  /** Callers who wait; a crash closes their connections. */
  readonly callers: Set<() => void>
}

const ports = Layer.mergeAll(OrdersPostgres.layer, PaymentsPostgres.layer, SagasPostgres.layer)

/** Everything that a store keeps; where the seed says so, the stock is behind a gate. */
const portsOf = (stage: Stage) => {
  const { scenario } = stage
  const bare = Layer.merge(ports, inventoryOf(stage))
  return scenario.isGated ? Layer.provideMerge(gatedStock(scenario), bare) : bare
}

/** The write path with its worker; where the seed says so, with a line in front of it. */
const writePath = (scenario: Stage["scenario"]) =>
  scenario.queue === null
    ? StoreCore.layerWorker
    : Layer.provideMerge(queuedOrders(scenario), StoreCore.layerWorker)

/** The stock, with everything that passes written down where that is wanted. */
export const inventoryOf = ({ history }: Pick<Stage, "history">) =>
  history === null
    ? InventoryPostgres.layer
    : Layer.effect(
        Inventory,
        Effect.map(Inventory, (port) => history.recorded(port))
      ).pipe(Layer.provide(InventoryPostgres.layer))

const databases = (database: Database.Database) =>
  Context.make(Database.InventoryDatabase, database).pipe(
    Context.add(Database.OrdersDatabase, database),
    Context.add(Database.MoneyDatabase, database)
  )

/**
 * A store process on a machine of its own: the whole write path with a worker, over the simulated
 * database. It can die and be started again, stand still and go on; its clock may be wrong.
 */
export class StoreProcess {
  readonly name: string
  readonly stage: Stage
  readonly clock: ClockView
  readonly #server: SimulatedServer
  readonly #outside: Outside
  #life: Life | null = null
  #incarnation = 0

  constructor(stage: Stage, name: string, server: SimulatedServer, outside: Outside) {
    this.stage = stage
    this.name = name
    this.#server = server
    this.#outside = outside
    this.clock = stage.clock.view()
  }

  /** Whether requests reach it. */
  get isUp(): boolean {
    return this.#life?.services != null
  }

  start(): void {
    if (this.#life !== null) return
    const { clock, random, scenario, scheduler, trace } = this.stage
    const name = `${this.name}.${++this.#incarnation}`
    trace.note(name, "starts")
    const group = scheduler.group(name)
    const database = SimulatedDatabase.make({
      server: this.#server,
      link: linkOf(this),
      after: (ms, task) => (ms > 0 ? clock.after(ms, task) : scheduler.world.scheduleTask(task)),
      poolMax: scenario.poolMax
    })
    const context = Context.empty().pipe(
      Context.add(Clock.Clock, this.clock),
      Context.add(Random.Random, random.fork(name))
    )
    const life: Life = { group, database, context, services: null, callers: new Set() }
    this.#life = life
    const layer = writePath(scenario).pipe(
      Layer.provideMerge(portsOf(this.stage)),
      Layer.provide(Layer.succeedContext(databases(database))),
      Layer.provide(Layer.succeedContext(this.#outside(this))),
      Layer.provide(Layer.succeed(Settings, scenario.settings))
    )
    const build = Effect.flatMap(Scope.make(), (scope) =>
      Layer.buildWithScope(Layer.fresh(layer), scope)
    )
    Effect.runForkWith(context)(
      Effect.map(build, (services) => {
        life.services = services
      }),
      { scheduler: group }
    )
  }

  /** As by SIGKILL: nothing of it runs any more, and its connections are closed. */
  die(): void {
    const life = this.#life
    if (life === null) return
    this.stage.trace.note(this.name, "dies")
    this.#life = null
    life.group.kill()
    life.database.disconnect()
    for (const hangUp of life.callers) hangUp()
  }

  /** Dies now and comes back after a while. */
  crash(): void {
    this.die()
    const { clock, random } = this.stage
    const downMs = random.fork(`${this.name} down ${this.#incarnation}`).between(100, minute)
    clock.after(downMs, () => this.start())
  }

  /** Stands still, and goes on as if nothing had been. */
  pause(ms: number): void {
    const life = this.#life
    if (life === null || life.group.state !== "running") return
    this.stage.trace.note(this.name, `stands still for ${ms} ms`)
    life.group.pause()
    this.stage.clock.after(ms, () => life.group.resume())
  }

  /** Up, awake and on time, whatever went wrong before. */
  recover(): void {
    this.#life?.group.resume()
    this.clock.thaw()
    this.clock.drift(1)
    this.clock.correct()
    this.start()
  }

  /**
   * Asks the process for something. `answered` is called once, outside of the process; a process
   * that is down refuses at once, and one that stands still answers when it goes on.
   */
  ask<A, E>(
    use: (services: Context.Context<Services>) => Effect.Effect<A, E>,
    answered: (reply: Reply<A, E>) => void
  ): void {
    const life = this.#life
    const { scheduler } = this.stage
    const tell = (reply: Reply<A, E>) => scheduler.world.scheduleTask(() => answered(reply))
    if (life?.services == null) {
      tell(noAnswer)
      return
    }
    let isOver = false
    const finish = (reply: Reply<A, E>) => {
      if (isOver) return
      isOver = true
      life.callers.delete(hangUp)
      tell(reply)
    }
    const hangUp = () => finish(noAnswer)
    life.callers.add(hangUp)
    const answer = Effect.onExit(use(life.services), (exit) => Effect.sync(() => finish(exit)))
    Effect.runForkWith(life.context)(Effect.ignore(answer), { scheduler: life.group })
  }
}
