import { PageCache } from "@doorbuster/adapters/http/lane/PageCache"
import type { Rendered } from "@doorbuster/adapters/http/lane/Rendered"
import { layer as memoryPorts } from "@doorbuster/adapters/memory/memoryLayer"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { openShop, staffToken } from "../shop.ts"
import { RawConnection, request } from "./rawHttp.ts"

/** Counts how often a page has to be made. */
const countedPorts = (counted: { made: number }) =>
  Layer.effect(
    Inventory,
    Effect.map(Effect.context<Inventory>(), (context) => {
      const inventory = Context.get(context, Inventory)
      return Inventory.of({
        ...inventory,
        levels: (keys) =>
          Effect.suspend(() => {
            counted.made++
            return inventory.levels(keys)
          })
      })
    })
  ).pipe(Layer.provideMerge(memoryPorts))

describe("product pages", () => {
  it("are made once and then served again, in the same bytes", async () => {
    const counted = { made: 0 }
    await using shop = await openShop({ ports: countedPorts(counted) })
    await using connection = new RawConnection(shop.url)
    const page = request("GET /products/MUG", [])
    await connection.send(page)
    const first = await connection.answer()
    const made = counted.made
    for (let i = 0; i < 20; i++) {
      await connection.send(page)
      assert.strictEqual((await connection.answer()).text, first.text)
    }
    assert.isAtMost(counted.made - made, 1, "a second may have passed meanwhile")
    assert.strictEqual(first.status, 200)
  })

  it("show at once what staff have changed", async () => {
    await using shop = await openShop()
    const available = async () => (await shop.call("GET", "/products/LAMP")).json.available
    assert.deepStrictEqual([await available(), await available()], [1, 1])
    const body = { sku: "LAMP", quantity: 4, kind: "receipt", reason: "found" }
    await shop.call("POST", "/ops/stock", { token: staffToken, key: "k", body })
    assert.strictEqual(await available(), 5)
  })

  it("are kept apart by all that was asked, and refusals are not kept", async () => {
    await using shop = await openShop()
    const status = async (path: string) => (await shop.call("GET", path)).status
    const skus = async (path: string) =>
      (await shop.call("GET", path)).json.products.map(({ sku }: { sku: string }) => sku)
    for (let i = 0; i < 2; i++) {
      assert.deepStrictEqual(await skus("/products?limit=1"), ["LAMP"])
      assert.deepStrictEqual(await skus("/products?limit=1&after=LAMP"), ["MUG"])
      assert.strictEqual(await status("/products/VASE"), 404)
      assert.strictEqual(await status("/products?limit=0"), 422)
      assert.strictEqual(await status("/productsandmore"), 404)
      assert.strictEqual(await status("/products/MUG/deeper"), 404)
    }
  })

  it("are counted, those from memory too", async () => {
    await using shop = await openShop()
    const counted = async () => {
      const { text } = await shop.call("GET", "/metrics")
      const route = /doorbuster_http_requests_total\{[^}]*GET \/products\/:sku[^}]*200[^}]*\} (\d+)/
      return Number(route.exec(text)?.[1] ?? 0)
    }
    const before = await counted()
    for (let i = 0; i < 7; i++) await shop.call("GET", "/products/MUG")
    assert.strictEqual((await counted()) - before, 7)
  })
})

const answer = (body: string): Rendered => ({ status: 200, head: [], body, isAscii: true })

describe("the cache of pages", () => {
  it("serves a page for a second, and an old one only while a new one is made", () => {
    const pages = new PageCache()
    pages.store("/a", answer("old"), 0, pages.generation)
    assert.strictEqual(pages.find("/a", 999)?.body, "old")
    assert.isUndefined(pages.find("/a", 1_000), "whoever asks first makes it anew")
    assert.strictEqual(pages.find("/a", 1_001)?.body, "old")
    pages.store("/a", answer("new"), 1_000, pages.generation)
    assert.strictEqual(pages.find("/a", 1_999)?.body, "new")
  })

  it("serves nothing that is two seconds old, even if nobody makes a new one", () => {
    const pages = new PageCache()
    pages.store("/a", answer("old"), 0, pages.generation)
    assert.isUndefined(pages.find("/a", 1_500))
    assert.strictEqual(pages.find("/a", 1_999)?.body, "old")
    assert.isUndefined(pages.find("/a", 2_000))
  })

  it("keeps nothing that began to be made before a change", () => {
    const pages = new PageCache()
    const { generation } = pages
    pages.clear()
    pages.store("/a", answer("out of date"), 0, generation)
    assert.isUndefined(pages.find("/a", 1))
  })

  it("does not grow without end", () => {
    const pages = new PageCache()
    const body = "x".repeat(100_000)
    for (let i = 0; i < 200; i++) pages.store(`/${i}`, answer(body), i, pages.generation)
    const kept = Array.from({ length: 200 }, (_, i) => pages.find(`/${i}`, 200)).filter(Boolean)
    assert.isBelow(kept.length, 100)
    assert.strictEqual(pages.find("/199", 200)?.body, body)
    pages.store("/huge", answer("x".repeat(10_000_000)), 200, pages.generation)
    assert.isUndefined(pages.find("/huge", 200))
  })
})
