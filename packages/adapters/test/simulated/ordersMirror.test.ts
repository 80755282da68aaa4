/**
 * Goal: nobody changes the SQL of the orders and forgets its simulated form.
 * Method: a digest of each text as it was when its simulated form was last compared with it. If a
 * digest differs, make the simulated form do what the SQL does now, and then note the new digest.
 * The lists' texts are made by the adapters, so those are asked for every combination of filters.
 */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import {
  type Database,
  OrdersDatabase,
  type Statement
} from "@doorbuster/adapters/postgres/Database"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as orderStatements from "@doorbuster/adapters/postgres/orders/orderStatements"
import * as sagaStatements from "@doorbuster/adapters/postgres/orders/sagaStatements"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, test } from "vitest"
import { orderQueries, sagaQueries } from "./ordersQueries.ts"

const mirrored: Readonly<Record<string, string>> = {
  lists: "13a9c82f425776e7",
  "orders.idempotency_keys.claims_of": "f5e6dfe27ec48a6d",
  "orders.order_events.done": "03f154821fa58f4a",
  "orders.order_events.of_order": "c38bc0389bdf2634",
  "orders.order_lines.of_orders": "aef964bda82a7f60",
  "orders.orders.by_external_refs": "7507dd1e3ebe1d0b",
  "orders.orders.complete": "9b1fa167b32f772d",
  "orders.orders.create": "c154d8c42aec39f9",
  "orders.orders.create_fresh": "cc6190cc836107e5",
  "orders.orders.find": "004c8619988d11dd",
  "orders.orders.lock": "dd8b5b4254d37626",
  "orders.orders.move": "9342015da4b19867",
  "orders.orders.standing": "51e21d1c2d8d0052",
  "orders.sagas.cancel_requested": "65bc74bc5d5d3d47",
  "orders.sagas.claim": "0a7822789633abd0",
  "orders.sagas.close": "17e46010c751dae4",
  "orders.sagas.find": "0aaa2743e93ee479",
  "orders.sagas.hand_over": "ea5a0d5977d119eb",
  "orders.sagas.lease": "9f66c164013e213e",
  "orders.sagas.lock": "458f666e68850d19",
  "orders.sagas.lock_checkout": "1efeb030eef84b03",
  "orders.sagas.lock_free": "dcc681478c800242",
  "orders.sagas.losers": "819e008c9d6b6ce3",
  "orders.sagas.open": "74de06220a58009d",
  "orders.sagas.park": "fa7c9edaa7e54924",
  "orders.sagas.reclaim": "9527a8c820279b94",
  "orders.sagas.request_cancel": "7ca12e1912d83a74",
  "orders.sagas.retry": "d74d86c57588b64d",
  "orders.sagas.state_of_order": "5f8f098561262c57",
  "orders.shipments.of_order": "c2be45e868b27a69",
  "0001_orders": "a28e035cc437375d",
  "0002_lean": "bb0f29f89d5ea9cf"
}

const digest = (text: string) =>
  createHash("sha256").update(text.replaceAll(/\s+/g, " ").trim()).digest("hex").slice(0, 16)

const isStatement = (exported: unknown): exported is Statement =>
  typeof exported === "object" && exported !== null && "name" in exported && "text" in exported

const fixed = [...Object.values(orderStatements), ...Object.values(sagaStatements)].filter(
  isStatement
)

/** The list statements as the adapters send them. */
const listed = async (): Promise<ReadonlyArray<Statement>> => {
  const sent: Array<Statement> = []
  const unused = () => Effect.die("only lists are asked for")
  const database: Database = {
    query: (_, statement) => Effect.sync(() => sent.push(statement)).pipe(Effect.as([])),
    transaction: unused,
    read: unused
  }
  const asked = Effect.gen(function* () {
    const [orders, sagas] = [yield* Orders, yield* Sagas]
    yield* Effect.forEach(orderQueries, (query) => orders.list(query))
    yield* Effect.forEach(sagaQueries, (query) => sagas.list(query))
  })
  const layer = Layer.merge(OrdersPostgres.layer, SagasPostgres.layer)
  const recording = Layer.provide(layer, Layer.succeed(OrdersDatabase, database))
  await Effect.runPromise(Effect.provide(asked, recording))
  return sent
}

const migrations = new URL("../../migrations/orders/", import.meta.url)

/** Migrations that no statement of a simulated process has to do with. */
const elsewhere = ["0003_retention"]

test("the simulated orders have exactly the statements of the real ones", async () => {
  const names = [...ordersStatements(makeOrdersTables()).keys()]
  const real = [...fixed, ...(await listed())].map(({ name }) => name)
  assert.sameMembers(names, real)
})

test("the SQL of the orders is the one that its simulated form was compared with", async () => {
  const found = Object.fromEntries(fixed.map(({ name, text }) => [name, digest(text)]))
  const lists = (await listed()).map(({ name, text }) => `${name} ${text}`)
  const others = {
    lists: digest(lists.sort().join("\n")),
    ...Object.fromEntries(
      readdirSync(migrations)
        .filter((name) => !elsewhere.includes(name))
        .map((name) => [name, digest(readFileSync(new URL(`${name}/up.sql`, migrations), "utf8"))])
    )
  }
  assert.deepStrictEqual({ ...found, ...others }, mirrored)
})
