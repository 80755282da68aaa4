/** A store that hangs must not hang its clients. */
import { layer as memoryPorts } from "@doorbuster/adapters/memory/memoryLayer"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assertProblem, openShop, staffToken } from "./shop.ts"

/** The memory adapters, whose catalogue is locked until `unlock`; as a sent statement waits. */
const lockable = () => {
  let gate = Deferred.makeUnsafe<void>()
  const open = () => Deferred.doneUnsafe(gate, Effect.void)
  open()
  const locked = Layer.effect(
    Catalog,
    Effect.map(Catalog, (catalog) => {
      const behind = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.suspend(() => Effect.uninterruptible(Effect.andThen(Deferred.await(gate), effect)))
      return Catalog.of({
        ...catalog,
        products: (skus) => behind(catalog.products(skus)),
        list: (page) => behind(catalog.list(page))
      })
    })
  )
  const lock = () => {
    gate = Deferred.makeUnsafe()
  }
  return { ports: locked.pipe(Layer.provideMerge(memoryPorts)), lock, unlock: open }
}

const body = { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }] }

describe("while a table is locked", () => {
  it("requests are answered 503 in time, and the same key works afterwards, once", async () => {
    const { lock, ports, unlock } = lockable()
    await using shop = await openShop({ ports, deadlineMs: 300 })
    const token = await shop.guest()
    const placing = () => shop.call("POST", "/checkout", { token, key: "k", body })
    const move = { sku: "MUG", quantity: 1, kind: "receipt", reason: "delivery" }
    lock()
    const begun = performance.now()
    const refused = await Promise.all([
      placing(),
      shop.call("POST", "/quote", { token, body }),
      shop.call("POST", "/ops/stock", { token: staffToken, key: "m", body: move }),
      shop.call("GET", "/products")
    ])
    assert.isBelow(performance.now() - begun, 5_000)
    for (const reply of refused) {
      assertProblem(reply, 503, "storage_unavailable")
      assert.strictEqual(reply.headers.get("retry-after"), "1")
    }
    unlock()
    const placed = await placing()
    assert.strictEqual(placed.status, 201)
    assert.strictEqual((await placing()).json.order_id, placed.json.order_id)
    const { json } = await shop.call("GET", "/orders", { token })
    assert.strictEqual(json.orders.length, 1)
  })

  it("the server says that it is not ready, and is alive", async () => {
    const { lock, ports, unlock } = lockable()
    await using shop = await openShop({ ports })
    lock()
    assertProblem(await shop.call("GET", "/readyz"), 503, "not_ready")
    assert.strictEqual((await shop.call("GET", "/healthz")).status, 200)
    unlock()
    assert.strictEqual((await shop.call("GET", "/readyz")).status, 200)
  })
})
