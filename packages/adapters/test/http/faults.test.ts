import { layer as memoryPorts } from "@doorbuster/adapters/memory/memoryLayer"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Orders } from "@doorbuster/core/order/Orders"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assertProblem, openShop } from "./shop.ts"

const secret = "db.internal:5432"
const down = new StorageError({ operation: "read", reason: "unavailable", detail: secret })

/** The memory adapters, of which some reads go wrong while `broken` says so. */
const breakable = () => {
  const switches = { broken: false, defective: false }
  const failing = Layer.effectContext(
    Effect.map(Effect.context<Catalog | Orders>(), (context) => {
      const catalog = Context.get(context, Catalog)
      const orders = Context.get(context, Orders)
      const guarded = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.suspend((): Effect.Effect<A, E | StorageError> => {
          if (switches.defective) return Effect.die(new Error(secret))
          return switches.broken ? Effect.fail(down) : effect
        })
      return Context.make(
        Catalog,
        Catalog.of({
          ...catalog,
          products: (skus) => guarded(catalog.products(skus)),
          list: (page) => guarded(catalog.list(page))
        })
      ).pipe(
        Context.add(
          Orders,
          Orders.of({
            ...orders,
            find: (id) => guarded(orders.find(id)),
            history: (id, after) => guarded(orders.history(id, after))
          })
        )
      )
    })
  )
  return { switches, ports: failing.pipe(Layer.provideMerge(memoryPorts)) }
}

const body = { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }] }

describe("when a store cannot be reached", () => {
  it("requests are answered 503 with Retry-After, and the key stays free", async () => {
    const { ports, switches } = breakable()
    await using shop = await openShop({ ports })
    const token = await shop.guest()
    const placing = () => shop.call("POST", "/checkout", { token, key: "k", body })
    switches.broken = true
    for (const refused of [
      await placing(),
      await shop.call("GET", "/products"),
      await shop.call("GET", "/orders/018f0000-0000-7000-8000-000000000000", { token })
    ]) {
      assertProblem(refused, 503, "storage_unavailable")
      assert.strictEqual(refused.headers.get("retry-after"), "1")
      assert.notInclude(refused.text, secret)
    }
    const unready = await shop.call("GET", "/readyz")
    assertProblem(unready, 503, "not_ready")
    assert.strictEqual((await shop.call("GET", "/healthz")).status, 200)
    switches.broken = false
    assert.strictEqual((await placing()).status, 201)
    assert.strictEqual((await shop.call("GET", "/readyz")).status, 200)
  })

  it("a stream of events waits for it and goes on", async () => {
    const { ports, switches } = breakable()
    await using shop = await openShop({ ports })
    const token = await shop.guest()
    const id = await shop.paidOrder(token)
    const stream = await fetch(`${shop.url}/orders/${id}/events`, {
      headers: { authorization: `Bearer ${token}`, "last-event-id": "1" }
    })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    assert.include((await reader?.read())?.value ?? "", "event: Capture")
    switches.broken = true
    assert.include((await reader?.read())?.value ?? "", ": still here")
    switches.broken = false
    await reader?.cancel()
  })
})

describe("when the program is wrong", () => {
  it("the answer is 500 as a problem and tells nothing; the log tells all", async () => {
    const { ports, switches } = breakable()
    const logged: Array<string> = []
    const log = ({ cause }: { readonly cause: Cause.Cause<unknown> }) =>
      logged.push(Cause.pretty(cause))
    await using shop = await openShop({ ports, log })
    switches.defective = true
    const broken = await shop.call("GET", "/products")
    assertProblem(broken, 500, "internal_error")
    assert.notInclude(broken.text, secret)
    assert.match(logged.join(), new RegExp(secret))
  })
})
