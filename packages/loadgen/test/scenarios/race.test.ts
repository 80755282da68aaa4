/** Several store processes, each with its own connections, on one real Postgres. */

import { ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import { approveAll, type SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { choose, StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Ground from "../../src/crash/GroundPostgres.ts"
import { migratedDatabase } from "../support/migratedDatabase.ts"
import * as World from "./world.ts"

/** Nobody loses a lease because the machine is busy. */
const settings = { ...Ground.liveSettings, leaseTtlMs: 5_000, pollMs: 100, sagaDeadlineMs: 30_000 }

const openWorld = Effect.fnUntraced(function* (sandbox: SandboxOptions, own = settings) {
  const { connection } = yield* migratedDatabase
  return yield* World.open(sandbox, { ground: Ground.postgres(connection, own) })
})

const healthy = () => new ProcessFaults(null)

const three = (world: World.World) =>
  Effect.all([world.start(healthy()), world.start(healthy()), world.start(healthy())])

const receive = (world: World.World, quantity: number) =>
  Context.get(world.outside, Inventory).move([
    {
      movementId: namedUuid("more teapots"),
      key: ofSku(World.teapot),
      quantity,
      kind: "receipt",
      reason: "for the rush",
      occurredAt: 0
    }
  ])

const buyer = (number: number): PlaceOrder =>
  World.order({
    account: `acc_${number}` as AccountId,
    key: `key-${number}`,
    lines: [{ sku: World.teapot, quantity: Quantity.make(1) }]
  })

const kindOf = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  Effect.match(effect, { onSuccess: () => "taken", onFailure: (error) => error._tag })

const counted = (kinds: ReadonlyArray<string>) =>
  Object.fromEntries(
    [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length])
  )

const idOf = (told: { readonly answer: { readonly body: string } }) =>
  (JSON.parse(told.answer.body) as { order_id: OrderId }).order_id

const stateOf = (world: World.World, orderId: OrderId) =>
  Effect.map(Context.get(world.outside, Orders).find(orderId), (order) => order?.state)

const inOrder = Effect.fnUntraced(function* (world: World.World) {
  assert.deepStrictEqual(World.violations(yield* World.judge(world)), [])
  assert.strictEqual((yield* World.level(world, World.teapot))?.reserved, 0)
})

const turnOf = <A>(all: ReadonlyArray<A>, turn: number): A => all[turn % all.length] as A

it.live.each(StockStrategy.literals)(
  "1,000 buyers of 100 units at three processes make 100 paid orders: %s",
  (strategy) =>
    Effect.gen(function* () {
      const world = yield* openWorld(approveAll)
      yield* receive(world, 100 - World.initialUnits)
      yield* Context.get(world.outside, Inventory).setStrategy(
        ofSku(World.teapot),
        choose(strategy, 8)
      )
      const processes = yield* three(world)
      const kinds = yield* Effect.forEach(
        Array.from({ length: 1_000 }, (_, i) => i),
        (i) => kindOf(Context.get(turnOf(processes, i), Checkout).place(buyer(i))),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(counted(kinds), { taken: 100, SoldOut: 900 })
      yield* World.settleAll(world)
      const made = yield* Context.get(world.outside, Orders).list({ limit: 1_000 })
      assert.deepStrictEqual(counted(made.map(({ state }) => state)), { paid: 100 })
      const left = yield* World.level(world, World.teapot)
      assert.deepInclude(left, { received: 100, reserved: 0, sold: 100 })
      yield* inOrder(world)
    })
)

it.live("50 twins of one request at three processes make one order", () =>
  Effect.gen(function* () {
    const world = yield* openWorld(approveAll)
    const processes = yield* three(world)
    const kinds = yield* Effect.forEach(
      Array.from({ length: 50 }, (_, i) => i),
      (i) => kindOf(Context.get(turnOf(processes, i), Checkout).place(buyer(1))),
      { concurrency: "unbounded" }
    )
    assert.deepStrictEqual([...new Set(kinds)].sort(), ["IdempotencyInFlight", "taken"])
    yield* World.settleAll(world)
    assert.strictEqual((yield* World.orders(world)).length, 1)
    for (const process of processes) {
      const again = yield* Context.get(process, Checkout).place(buyer(1))
      assert.isTrue(again.replayed)
      const other = { ...buyer(1), fingerprint: "another body" }
      const reused = yield* kindOf(Context.get(process, Checkout).place(other))
      assert.strictEqual(reused, "IdempotencyKeyReused")
    }
    yield* inOrder(world)
  })
)

it.live("two processes share out what a dead one has left, and take nothing twice", () =>
  Effect.gen(function* () {
    // Patient enough to put nothing down while the provider takes its time.
    const patience = { attempts: 100, delayMs: 10, delayMsMax: 50 }
    const short = { ...settings, leaseTtlMs: 2_000, pollMs: 50, claimLimit: 4, patience }
    const world = yield* openWorld({ seed: "late", mix: { late: 1 } }, short)
    yield* receive(world, 100)
    const dying = healthy()
    const first = yield* world.start(dying)
    const ids = yield* Effect.forEach(
      Array.from({ length: 40 }, (_, i) => i),
      (i) => Effect.map(Context.get(first, Checkout).place(buyer(i)), idOf),
      { concurrency: "unbounded" }
    )
    dying.kill()
    const sagas = Context.get(world.outside, Sagas)
    const left = yield* sagas.list({ state: "open", limit: 100 })
    assert.isAbove(left.length, 8)
    yield* Effect.all([world.start(healthy()), world.start(healthy())], { concurrency: 2 })
    yield* World.settleAll(world)
    const records = yield* Effect.forEach(left, ({ sagaId }) => sagas.find(sagaId))
    const ends = records.map((record) => `${record?.state} in epoch ${record?.epoch}`)
    assert.deepStrictEqual(counted(ends), { "done in epoch 2": left.length })
    const states = yield* Effect.forEach(ids, (id) => stateOf(world, id))
    assert.deepStrictEqual(counted(states.map(String)), { paid: 40 })
    yield* inOrder(world)
  })
)

const untilPaid = Effect.fnUntraced(function* (world: World.World, orderId: OrderId) {
  while ((yield* stateOf(world, orderId)) !== "paid") yield* Effect.sleep(10)
})

it.live("a cancel that races the capture ends in one of two ways, as it was told", () =>
  Effect.gen(function* () {
    const buyers = 40
    const world = yield* openWorld({ seed: "race", mix: { late: 1, approve: 1 } })
    yield* receive(world, 100)
    const [left, right] = yield* three(world)
    const ends = yield* Effect.forEach(
      Array.from({ length: buyers }, (_, i) => i),
      Effect.fnUntraced(function* (i) {
        const id = idOf(yield* Context.get(left, Checkout).place(buyer(i)))
        // The last one comes too late in any case.
        yield* i === buyers - 1 ? untilPaid(world, id) : Effect.sleep(4 * i)
        const cancel = Context.get(right, Checkout).cancel(id, buyer(i).account)
        return { id, kind: yield* kindOf(cancel) }
      }),
      { concurrency: "unbounded" }
    )
    yield* World.settleAll(world)
    const seen = new Set<string>()
    for (const { id, kind } of ends) {
      const state = yield* stateOf(world, id)
      seen.add(kind)
      const expected = kind === "taken" ? ["canceled", "refunded"] : ["paid"]
      assert.include(expected, state, kind)
    }
    assert.deepStrictEqual([...seen].sort(), ["IllegalTransition", "taken"])
    yield* inOrder(world)
  })
)

it.live("refunds that race each other and the parcel give back each penny once", () =>
  Effect.gen(function* () {
    const world = yield* openWorld(approveAll)
    yield* receive(world, 100)
    const [a, b, c] = yield* three(world)
    const account = "staff" as AccountId
    for (let round = 0; round < 8; round++) {
      const orderId = idOf(yield* Context.get(a, Checkout).place(buyer(round)))
      yield* World.settleAll(world)
      const key = (name: string) => {
        const key = `${name}-${round}`
        return { orderId, account, key, fingerprint: key, occurredAt: null }
      }
      const [first, second, part, ship] = yield* Effect.all(
        [
          Context.get(a, Refunds).refund({ ...key("a"), amount: null, restock: "all" }),
          Context.get(b, Refunds).refund({ ...key("b"), amount: null, restock: "all" }),
          Context.get(c, Refunds).refund({ ...key("c"), amount: minor(100n), restock: [] }),
          Context.get(c, Fulfillment).ship({ ...key("s"), carrier: null, tracking: null })
        ].map((effect) => kindOf(effect as Effect.Effect<unknown, { readonly _tag: string }>)),
        { concurrency: "unbounded" }
      )
      yield* World.settleAll(world)
      const lost = ["IllegalTransition", "RefundExceedsCaptured"]
      const whole = [first, second].filter((kind) => kind === "taken").length
      const label = [first, second, part, ship].join(", ")
      assert.isAtMost(whole, 1, label)
      for (const kind of [first, second, part]) assert.include(["taken", ...lost], kind, label)
      assert.include(["taken", "IllegalTransition"], ship, label)
      const state = yield* stateOf(world, orderId)
      const given = whole === 1 ? ["refunded"] : ["paid", "shipped"]
      assert.include(given, state, label)
    }
    yield* inOrder(world)
  })
)
