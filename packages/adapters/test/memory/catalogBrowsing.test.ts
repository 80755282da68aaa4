import { catalogContract } from "@doorbuster/adapters/contract/catalogContract"
import * as CatalogCopiesMemory from "@doorbuster/adapters/memory/CatalogCopiesMemory"
import { layer as storeLayer } from "@doorbuster/adapters/memory/memoryLayer"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { CatalogBrowsing, layer } from "@doorbuster/core/edge/CatalogBrowsing"
import { copyAgeMsMax } from "@doorbuster/core/edge/CatalogCopies"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { countedCatalog, named, sku } from "../countedCatalog.ts"

const browsing = layer.pipe(Layer.provide(CatalogCopiesMemory.layer))

catalogContract("memory, behind browsing", browsing.pipe(Layer.provide(storeLayer)))

const open = () => {
  const counted = countedCatalog()
  return { ...counted, layer: browsing.pipe(Layer.provide(counted.layer)) }
}

const nameOf = (code: string) =>
  Effect.gen(function* () {
    const { find } = yield* CatalogBrowsing
    return (yield* find(sku(code)))?.product.name
  })

const listed = Effect.gen(function* () {
  const { list } = yield* CatalogBrowsing
  return (yield* list({ limit: 10 })).map(({ product }) => product.name)
})

it.effect("many who look at once are one read, for half a minute", () => {
  const { layer, reads } = open()
  return Effect.gen(function* () {
    const catalog = yield* Catalog
    yield* catalog.save({ products: [named("MUG", "a mug")] })
    const names = yield* Effect.all(
      Array.from({ length: 50 }, () => nameOf("MUG")),
      { concurrency: "unbounded" }
    )
    assert.deepStrictEqual([...new Set(names)], ["a mug"])
    assert.deepStrictEqual(yield* listed, ["a mug"])
    yield* TestClock.adjust(copyAgeMsMax - 1)
    yield* nameOf("MUG")
    yield* listed
    assert.deepStrictEqual(reads(), { products: 1, list: 1 })
    yield* TestClock.adjust(1)
    yield* nameOf("MUG")
    yield* listed
    assert.deepStrictEqual(reads(), { products: 2, list: 2 })
  }).pipe(Effect.provide(layer))
})

it.effect("a change is seen at once by whoever looks around after it", () => {
  const { layer } = open()
  return Effect.gen(function* () {
    const catalog = yield* Catalog
    assert.deepStrictEqual([yield* nameOf("MUG"), yield* listed], [undefined, []])
    for (const name of ["a mug", "a better mug"]) {
      yield* catalog.save({ products: [named("MUG", name)] })
      assert.deepStrictEqual([yield* nameOf("MUG"), yield* listed], [name, [name]])
    }
  }).pipe(Effect.provide(layer))
})

it.effect("who is going to pay reads the catalogue itself", () => {
  const { layer, reads } = open()
  return Effect.gen(function* () {
    const catalog = yield* Catalog
    yield* nameOf("MUG")
    for (let i = 0; i < 3; i += 1) yield* catalog.products([sku("MUG")])
    assert.strictEqual(reads().products, 4)
  }).pipe(Effect.provide(layer))
})

it.effect("a read that was under way when the product changed is not kept", () => {
  const { delay, layer } = open()
  return Effect.gen(function* () {
    const catalog = yield* Catalog
    yield* catalog.save({ products: [named("MUG", "old")] })
    const gate = yield* Deferred.make<void>()
    const begun = yield* Deferred.make<void>()
    delay(Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(gate)))
    const early = yield* Effect.forkChild(nameOf("MUG"))
    yield* Deferred.await(begun)
    yield* catalog.save({ products: [named("MUG", "new")] })
    delay(Effect.void)
    yield* Deferred.succeed(gate, undefined)
    assert.strictEqual(yield* Fiber.join(early), "old")
    assert.strictEqual(yield* nameOf("MUG"), "new")
  }).pipe(Effect.provide(layer))
})

it.effect("a failure is told, and not kept", () => {
  const { delay, layer } = open()
  return Effect.gen(function* () {
    const down = new StorageError({ operation: "test", reason: "unavailable", detail: "down" })
    delay(Effect.fail(down))
    assert.strictEqual((yield* Effect.flip(nameOf("MUG")))._tag, "StorageError")
    delay(Effect.void)
    assert.strictEqual(yield* nameOf("MUG"), undefined)
  }).pipe(Effect.provide(layer))
})
