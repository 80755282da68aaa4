import { catalogCopiesContract } from "@doorbuster/adapters/contract"
import { layer as copiesLayer } from "@doorbuster/adapters/redis/CatalogCopiesRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { CatalogBrowsing, layer } from "@doorbuster/core/edge/CatalogBrowsing"
import { CatalogCopies, copyAgeMsMax } from "@doorbuster/core/edge/CatalogCopies"
import { minor } from "@doorbuster/core/money/Minor"
import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { countedCatalog, named, sku } from "../countedCatalog.ts"
import { answering, throwaway, until } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

catalogCopiesContract("redis", copiesLayer.pipe(Layer.provide(redisLayer())))

const mug = sku("MUG")
const price = {
  sku: mug,
  currency: "EUR",
  amount: minor(1000n),
  validFrom: null,
  validTo: null,
  kind: "regular"
} as never

/** Another process: its own memory, its own connection, the catalogue and the Redis of all. */
const processOver = (url: string, catalog: Layer.Layer<Catalog>) =>
  Layer.build(
    Layer.fresh(
      layer.pipe(
        Layer.provideMerge(copiesLayer),
        Layer.provideMerge(redisLayer(url)),
        Layer.provide(catalog)
      )
    )
  )

const found = Effect.flatMap(CatalogBrowsing, ({ find }) => find(mug))
const nameSeen = Effect.map(found, (entry) => entry?.product.name)
const save = (name: string) =>
  Effect.flatMap(Catalog, (catalog) =>
    catalog.save({ products: [named("MUG", name)], prices: [price] })
  )

/** One catalogue for all processes of a test. */
const shared = Effect.gen(function* () {
  const counted = countedCatalog()
  const catalog = yield* Effect.provide(Catalog, counted.layer)
  return { ...counted, layer: Layer.succeed(Catalog, catalog) }
})

it.live("what one process read, another one need not read", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const { layer, reads } = yield* shared
    const [one, two] = [yield* processOver(redis.url, layer), yield* processOver(redis.url, layer)]
    yield* save("a mug").pipe(Effect.provideContext(one))
    const { command } = yield* RedisClient.pipe(Effect.provideContext(one))
    yield* command("wait out the guard", (client) => client.flushall())
    const first = yield* found.pipe(Effect.provideContext(one))
    const second = yield* found.pipe(Effect.provideContext(two))
    assert.deepStrictEqual(second, first)
    assert.deepStrictEqual(second?.prices, [price])
    assert.strictEqual(reads().products, 1)
  })
)

it.live("a change in one process is seen in another, and after missed news too", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const { layer } = yield* shared
    const [one, two] = [yield* processOver(redis.url, layer), yield* processOver(redis.url, layer)]
    const sees = (name: string) =>
      until(Effect.map(nameSeen, (seen) => seen === name)).pipe(Effect.provideContext(two))
    yield* save("first").pipe(Effect.provideContext(one))
    yield* sees("first")
    yield* save("second").pipe(Effect.provideContext(one))
    yield* sees("second")
    yield* Effect.promise(redis.kill)
    yield* save("third").pipe(Effect.provideContext(one))
    yield* Effect.promise(() => redis.restart())
    yield* answering.pipe(Effect.provideContext(two))
    yield* sees("third")
  })
)

it.live("without Redis the catalogue itself is read", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const { layer } = yield* shared
    const one = yield* processOver(redis.url, layer)
    yield* Effect.promise(redis.kill)
    for (const name of ["first", "second"]) {
      yield* save(name).pipe(Effect.provideContext(one))
      assert.strictEqual(yield* nameSeen.pipe(Effect.provideContext(one)), name)
    }
  })
)

it.live("a copy ends by itself", () =>
  Effect.gen(function* () {
    const copies = yield* CatalogCopies
    const now = yield* Clock.currentTimeMillis
    const entry = { product: named(`OLD-${now}`, "old"), prices: [] }
    yield* copies.keep({ entry, readAt: now - 10_000 })
    const { command } = yield* RedisClient
    const name = `doorbuster:catalog:{${entry.product.sku}}`
    const life = yield* command("life", (client) => client.pttl(name))
    assert.isTrue(life > 0 && life <= copyAgeMsMax - 10_000, `${life} ms`)
  }).pipe(Effect.provide(Layer.provideMerge(copiesLayer, redisLayer())))
)
