import { layer as memoryPorts } from "@doorbuster/adapters/memory/memoryLayer"
import { Orders } from "@doorbuster/core/order/Orders"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assertProblem, openShop } from "./shop.ts"

/** Orders are not created before the gate opens: whoever checks out is in flight until then. */
const gated = (gate: Deferred.Deferred<void>) =>
  Layer.effectContext(
    Effect.map(Effect.context<Orders>(), (context) => {
      const orders = Context.get(context, Orders)
      const create: typeof orders.create = (batch) =>
        Effect.andThen(Deferred.await(gate), orders.create(batch))
      return Context.make(Orders, Orders.of({ ...orders, create }))
    })
  ).pipe(Layer.provideMerge(memoryPorts))

const open = (gate: Deferred.Deferred<void>) => Effect.runSync(Deferred.succeed(gate, undefined))

const moment = (ms = 50) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const body = { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }] }

const refusesConnections = (url: string) =>
  fetch(`${url}/healthz`, { headers: { connection: "close" } }).then(
    () => false,
    () => true
  )

describe("shutdown", () => {
  it("finishes what is in flight, takes nothing new, and ends event streams", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const shop = await openShop({ ports: gated(gate) })
    const token = await shop.guest()
    open(gate)
    const id = await shop.paidOrder(token)
    const events = fetch(`${shop.url}/orders/${id}/events`, {
      headers: { authorization: `Bearer ${token}` }
    }).then((response) => response.text())
    await moment()
    const ended = shop[Symbol.asyncDispose]()
    // Ends by itself, with the history it had, although the order is not at its end.
    assert.include(await events, "event: Capture")
    await ended
    assert.isTrue(await refusesConnections(shop.url))
  })

  it("answers the checkout in flight, while new connections are refused", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const shop = await openShop({ ports: gated(gate) })
    const token = await shop.guest()
    const inFlight = shop.call("POST", "/checkout", { token, key: "k", body })
    await moment()
    const ended = shop[Symbol.asyncDispose]()
    await moment()
    assert.isTrue(await refusesConnections(shop.url))
    open(gate)
    const placed = await inFlight
    assert.strictEqual(placed.status, 201)
    assert.strictEqual(placed.headers.get("connection"), "close")
    await ended
  })

  it("says that it is not ready before it takes no more, when it is given the time", async () => {
    const shop = await openShop({ serve: { announceMs: 300 } })
    const ended = shop[Symbol.asyncDispose]()
    await moment()
    assertProblem(await shop.call("GET", "/readyz"), 503, "not_ready")
    assert.strictEqual((await shop.call("GET", "/products")).status, 200)
    await ended
    assert.isTrue(await refusesConnections(shop.url))
  })

  it("does not wait for ever", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const shop = await openShop({ ports: gated(gate), serve: { drainMs: 100 } })
    const token = await shop.guest()
    const stuck = shop.call("POST", "/checkout", { token, key: "k", body }).then(
      ({ status }) => status,
      () => "cut off"
    )
    await moment()
    const ended = shop[Symbol.asyncDispose]()
    const told = await Promise.race([stuck, moment(5000).then(() => "waits still")])
    assert.include([503, "cut off"], told)
    open(gate)
    await ended
  })
})
