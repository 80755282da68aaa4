import { Sku } from "@doorbuster/core/catalog/Sku"
import { CatalogCopies, copyAgeMsMax } from "@doorbuster/core/edge/CatalogCopies"
import { minor } from "@doorbuster/core/money/Minor"
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { freshName } from "./fresh.ts"
import { type Promises, suite } from "./suite.ts"

const freshCopy = Effect.gen(function* () {
  const sku = Sku.make(yield* freshName("COPY"))
  const product = { sku, name: 'Ünïcödé "name"', kind: "stocked", listed: true } as const
  const price = { sku, currency: "EUR", amount: minor(1000n), kind: "regular" } as const
  return {
    entry: {
      product: { ...product, taxCategory: "standard" },
      prices: [{ ...price, validFrom: null, validTo: 5 }] as never
    },
    readAt: yield* Clock.currentTimeMillis
  }
})

const copies: Promises<CatalogCopies> = {
  "gives a copy back as it was kept, or nothing": Effect.gen(function* () {
    const { find, keep } = yield* CatalogCopies
    const copy = yield* freshCopy
    const { sku } = copy.entry.product
    assert.strictEqual(yield* find(sku), undefined)
    yield* keep(copy)
    const found = yield* find(sku)
    if (found !== undefined) assert.deepStrictEqual(found, copy)
  }),

  "gives no copy that is too old": Effect.gen(function* () {
    const { find, keep } = yield* CatalogCopies
    const copy = yield* freshCopy
    yield* keep({ ...copy, readAt: copy.readAt - copyAgeMsMax })
    assert.strictEqual(yield* find(copy.entry.product.sku), undefined)
  }),

  "drops a copy, and takes none that was read before": Effect.gen(function* () {
    const { drop, find, keep } = yield* CatalogCopies
    const copy = yield* freshCopy
    yield* keep(copy)
    yield* drop([copy.entry.product.sku])
    assert.strictEqual(yield* find(copy.entry.product.sku), undefined)
    yield* keep(copy)
    assert.strictEqual(yield* find(copy.entry.product.sku), undefined)
  }),

  "tells everybody what is dropped": Effect.gen(function* () {
    const { drop, dropped } = yield* CatalogCopies
    const { sku } = (yield* freshCopy).entry.product
    const heard = yield* Queue.unbounded<ReadonlyArray<Sku> | "all">()
    const listen = Stream.runForEach(dropped, (news) => Queue.offer(heard, news))
    yield* Effect.forkScoped(listen, { startImmediately: true })
    // Whoever only begins to listen may miss some.
    const say = Effect.forever(Effect.andThen(drop([sku]), Effect.sleep("20 millis")))
    yield* Effect.forkScoped(say)
    const isAboutIt = (news: ReadonlyArray<Sku> | "all") => news !== "all" && news.includes(sku)
    yield* Effect.repeat(Queue.take(heard), { until: isAboutIt })
  }).pipe(Effect.scoped),

  "drops thousands at a time": Effect.gen(function* () {
    const { drop, find, keep } = yield* CatalogCopies
    const copy = yield* freshCopy
    yield* keep(copy)
    const name = yield* freshName("MANY")
    const many = Array.from({ length: 2500 }, (_, i) => Sku.make(`${name}-${i}`))
    yield* drop([...many, copy.entry.product.sku])
    assert.strictEqual(yield* find(copy.entry.product.sku), undefined)
  })
}

/** What every `CatalogCopies` promises; one that shares nothing keeps the promises too. */
export const catalogCopiesContract = <E>(
  name: string,
  adapter: Layer.Layer<CatalogCopies, E>
): void => suite(`CatalogCopies contract: ${name}`, adapter, [copies])
