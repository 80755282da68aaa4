/**
 * Goal: every combination of filters lists what the real statement would. Method: rows that differ
 * in everything that can be asked for, listed by the adapters over the simulated server and by
 * plain filters over the same rows.
 */
import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { Execution } from "@doorbuster/adapters/simulated/Execution"
import { directLink } from "@doorbuster/adapters/simulated/Link"
import type { OrderRow, SagaRow } from "@doorbuster/adapters/simulated/orders/rows"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { type OrderQuery, Orders } from "@doorbuster/core/order/Orders"
import { type SagaQuery, Sagas } from "@doorbuster/core/order/Sagas"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, test } from "vitest"
import { id, noon } from "./ordersCalls.ts"
import { limit, middle, orderQueries, sagaQueries } from "./ordersQueries.ts"
import { ordersServer } from "./ordersServer.ts"

const numbers = Array.from({ length: 24 }, (_, i) => ((i * 7) % 24) + 1)

const orders: ReadonlyArray<OrderRow> = numbers.map((n) => ({
  orderId: id(n),
  account: n % 2 === 0 ? "two" : "one",
  externalRef: n === 3 || n === 4 ? "ref" : n > 20 ? `ref-${n}` : null,
  currency: "EUR",
  state: n % 3 === 0 ? "paid" : "pending_payment",
  sagaEpoch: 1,
  itemsTotal: 5n,
  discountTotal: 0n,
  shippingTotal: 0n,
  taxTotal: 0n,
  includedTaxTotal: 0n,
  total: 5n,
  refundedTotal: 0n,
  lastSeq: 1,
  quote: "{}",
  shipTo: null,
  occurredAt: noon,
  createdAt: noon
}))

const sagas: ReadonlyArray<SagaRow> = numbers.map((n) => ({
  sagaId: id(n),
  kind: "refund",
  orderId: n % 2 === 0 ? middle : id(n),
  account: "one",
  key: null,
  payload: "{}",
  state: n % 4 === 0 ? "done" : "open",
  owner: null,
  epoch: 1,
  cancelRequested: false,
  runAfter: 0,
  attempts: 0,
  lastError: null,
  openedAt: 0,
  deadlineAt: n * 4,
  closedAt: n % 4 === 0 ? noon : null
}))

/** The ports over a server that has these rows. */
const stored = () => {
  const { server, tables } = ordersServer()
  const work = server.begin()
  const on = new Execution(work, server)
  for (const row of orders) {
    Array.from(on.insert(tables.orders, { ...row, state: "pending_payment" }))
    const slot = tables.orders.slot(row.orderId)
    if (slot === undefined) throw new Error("not inserted")
    Array.from(
      on.update(
        slot,
        () => true,
        () => row
      )
    )
  }
  for (const row of sagas) Array.from(on.insert(tables.sagas, row))
  server.commit(work)
  const database = SimulatedDatabase.make({ server, link: directLink, after: () => undefined })
  return Layer.merge(OrdersPostgres.layer, SagasPostgres.layer).pipe(
    Layer.provide(Layer.succeed(OrdersDatabase, database))
  )
}

const isListed =
  ({ account, before, externalRef, state }: OrderQuery) =>
  (row: OrderRow): boolean =>
    (account === undefined || row.account === account) &&
    (externalRef === undefined || row.externalRef === externalRef) &&
    (state === undefined || row.state === state) &&
    (before === undefined || row.orderId < before)

const isAsked =
  ({ orderId, state, stuckAt }: SagaQuery) =>
  (row: SagaRow): boolean =>
    (orderId === undefined || row.orderId === orderId) &&
    (state === undefined || row.state === state) &&
    (stuckAt === undefined || (row.state === "open" && row.deadlineAt < stuckAt))

test.each(orderQueries)("orders are listed newest first by %j", async (query) => {
  const asked = Effect.gen(function* () {
    return yield* (yield* Orders).list(query)
  })
  const found = await Effect.runPromise(Effect.provide(asked, stored()))
  const meant = orders.filter(isListed(query)).map(({ orderId }) => orderId)
  assert.isNotEmpty(meant)
  assert.deepStrictEqual(
    found.map(({ orderId }): string => orderId),
    meant.sort().reverse().slice(0, limit)
  )
})

test.each(sagaQueries)("sagas are listed oldest first by %j", async (query) => {
  const asked = Effect.gen(function* () {
    return yield* (yield* Sagas).list(query)
  })
  const found = await Effect.runPromise(Effect.provide(asked, stored()))
  const meant = sagas.filter(isAsked(query)).map(({ sagaId }) => sagaId)
  assert.isNotEmpty(meant)
  assert.deepStrictEqual(
    found.map(({ sagaId }): string => sagaId),
    meant.sort().slice(0, limit)
  )
})
