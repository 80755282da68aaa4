import * as HeatMemory from "@doorbuster/adapters/memory/HeatMemory"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import {
  hotKeyStatements,
  makeHotKeyTable
} from "@doorbuster/adapters/simulated/inventory/hotKeyStatements"
import {
  makeInventoryTables,
  type StockRow
} from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import type { Table } from "@doorbuster/adapters/simulated/Table"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Heat } from "@doorbuster/core/edge/heat/Heat"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { Asking } from "./Asking.ts"
import { Buyers } from "./Buyers.ts"
import { BuyersBook } from "./BuyersBook.ts"
import { redisPort } from "./gate/redisPort.ts"
import { SharedGate } from "./gate/SharedGate.ts"
import { queuePort } from "./line/queuePort.ts"
import { SharedLine } from "./line/SharedLine.ts"
import { loseLeases, loseLeasesName } from "./loseLeases.ts"
import { openingMovements } from "./openingStock.ts"
import { ProviderBook } from "./ProviderBook.ts"
import { providerPort } from "./providerPort.ts"
import { SagaWatch } from "./SagaWatch.ts"
import { Shop } from "./Shop.ts"
import { Staff } from "./Staff.ts"
import type { Stage } from "./Stage.ts"
import { StockWatch } from "./StockWatch.ts"
import { StoreProcess } from "./StoreProcess.ts"
import { Webhooks } from "./Webhooks.ts"

const makeTables = () => ({
  inventory: makeInventoryTables(),
  hotKeys: makeHotKeyTable(),
  orders: makeOrdersTables(),
  money: makeMoneyTables()
})

export type Tables = ReturnType<typeof makeTables>

/** Everything that lives in a simulated world. */
export interface World {
  readonly stage: Stage
  readonly tables: Tables
  readonly server: SimulatedServer
  readonly sagas: SagaWatch
  readonly provider: ProviderBook
  readonly webhooks: Webhooks
  readonly gate: SharedGate
  readonly line: SharedLine
  readonly processes: ReadonlyArray<StoreProcess>
  readonly shop: Shop
  readonly book: BuyersBook
  readonly buyers: Buyers
  readonly staff: Staff
}

/** Milliseconds that a statement waits for a row where the fault is on. */
const lockTimeoutMs = (stage: Stage) => {
  const random = stage.random.fork("lock time-outs")
  return () => (stage.faults.happens("db_lock_timeout", "lock") ? random.between(1, 2_000) : null)
}

interface Watches {
  readonly stock: StockWatch
  readonly sagas: SagaWatch
}

/** What is looked at of each table whenever one of its rows was committed. */
const watchedTables = (stage: Stage, tables: Tables, sagas: SagaWatch) => {
  const { inventory, money, orders } = tables
  const watched = new Map<Table, (row: unknown) => void>()
  const watch = <R>(table: Table<R>, look: (row: R) => void) =>
    watched.set(table as Table, look as (row: unknown) => void)
  watch(inventory.fences, (row) => sagas.epoch(`reservation of ${row.orderId}`, row.sagaEpoch))
  watch(orders.sagas, (row) => sagas.saga(row))
  watch(orders.orders, (row) => sagas.epoch(`order ${row.orderId}`, row.sagaEpoch))
  watch(money.payments, (row) => sagas.epoch(`payment ${row.paymentId}`, row.epoch))
  watch(money.fences, (row) => sagas.epoch(`fence of ${row.orderId}`, row.epoch))
  watch(orders.events, ({ event, fromState }) => {
    stage.coverage.transition(fromState ?? "nothing", event)
  })
  return watched
}

const makeServer = (stage: Stage, tables: Tables, watches: Watches): SimulatedServer => {
  const handlers = new Map([
    ...inventoryStatements(tables.inventory),
    ...hotKeyStatements(tables.hotKeys),
    ...ordersStatements(tables.orders),
    ...moneyStatements(tables.money),
    [loseLeasesName, loseLeases(tables.orders)] as const
  ])
  const server = new SimulatedServer(handlers, {
    now: () => stage.clock.nowMs,
    after: (ms, task) => stage.clock.after(ms, task),
    lockTimeoutMs: lockTimeoutMs(stage)
  })
  const watched = watchedTables(stage, tables, watches.sagas)
  const stock = tables.inventory.stock as Table
  server.onCommit = (written) => {
    const rows: Array<StockRow> = []
    for (const slot of written) {
      if (slot.committed === null) continue
      if (slot.table === stock) rows.push(slot.committed as StockRow)
      else watched.get(slot.table)?.(slot.committed)
    }
    if (rows.length > 0) watches.stock.committed(rows)
  }
  return server
}

/** The world before anything has happened: stock on the shelves, no process up. */
export const makeWorld = Effect.fnUntraced(function* (stage: Stage) {
  const tables = makeTables()
  const stock = new StockWatch(stage.judge, () => stage.clock.nowMs)
  const sagas = new SagaWatch(stage.judge)
  const server = makeServer(stage, tables, { stock, sagas })
  const shop = yield* Shop.open(stage)
  const processes: Array<StoreProcess> = []
  const webhooks = new Webhooks(stage, processes)
  const provider = new ProviderBook(stage, (message) => webhooks.announce(message))
  const gate = new SharedGate(stage, stock)
  const line = new SharedLine(stage)
  const heat = yield* Effect.provide(Heat, HeatMemory.layer)
  const outside = (process: StoreProcess) =>
    Context.make(Catalog, shop.port(process)).pipe(
      Context.add(Heat, heat),
      Context.add(OrderQueue, queuePort(process, line)),
      Context.add(RedisClient, redisPort(process, gate)),
      Context.add(PaymentProvider, providerPort(process, provider))
    )
  for (let i = 0; i < stage.scenario.processes; i++) {
    processes.push(new StoreProcess(stage, `store${i + 1}`, server, outside))
  }
  yield* openingMovements(server, stage)
  const asking = new Asking(stage, processes)
  const book = new BuyersBook(stage, stock)
  const buyers = new Buyers(stage, asking, book)
  const staff = new Staff(stage, asking)
  const actors = { buyers, staff, shop, processes, provider, webhooks, gate, line }
  return { stage, tables, server, sagas, book, ...actors }
})
