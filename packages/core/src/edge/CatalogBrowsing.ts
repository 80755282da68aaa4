import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Batcher from "../batch/Batcher.ts"
import { Catalog, type CatalogChange, type CatalogEntry } from "../catalog/Catalog.ts"
import type { Sku } from "../catalog/Sku.ts"
import type { StorageError } from "../StorageError.ts"
import { CatalogCopies, copyAgeMsMax } from "./CatalogCopies.ts"

type CatalogPort = Catalog["Service"]
type CopiesPort = CatalogCopies["Service"]

interface Page {
  readonly after?: Sku
  readonly limit: number
}

/**
 * The catalogue for those who look around: at most `copyAgeMsMax` old, and younger where a change
 * was heard of. Whoever is going to pay is quoted from `Catalog` itself.
 */
export class CatalogBrowsing extends Context.Service<
  CatalogBrowsing,
  {
    /** Undefined for an unknown SKU. */
    readonly find: (sku: Sku) => Effect.Effect<CatalogEntry | undefined, StorageError>
    /** As `Catalog.list`. */
    readonly list: (page: Page) => Effect.Effect<ReadonlyArray<CatalogEntry>, StorageError>
  }
>()("@doorbuster/core/edge/CatalogBrowsing") {}

const productsMax = 10_000
const pagesMax = 500

/** What is kept in this process: the value, and how long it may still live. */
interface Kept<A> {
  readonly value: A
  readonly lifeMs: number
}

/** A failure is told to all who wait for it, and to nobody after them. */
const lifeOf = <A, E>(exit: Exit.Exit<Kept<A>, E>) => (Exit.isSuccess(exit) ? exit.value.lifeMs : 0)

const makeProducts = Effect.fnUntraced(function* (catalog: CatalogPort, copies: CopiesPort) {
  const reads = yield* Batcher.make({
    name: "browse catalogue",
    limit: 256,
    flush: Effect.fnUntraced(function* (skus: ReadonlyArray<Sku>) {
      const readAt = yield* Clock.currentTimeMillis
      const entries = yield* catalog.products([...new Set(skus)])
      return skus.map((sku) => ({ entry: entries.get(sku), readAt }))
    })
  })
  const lookup = Effect.fnUntraced(function* (sku: Sku) {
    const copy = yield* copies.find(sku)
    if (copy !== undefined) {
      const age = (yield* Clock.currentTimeMillis) - copy.readAt
      return { value: copy.entry, lifeMs: Math.max(copyAgeMsMax - age, 0) }
    }
    const { entry, readAt } = yield* reads.submit(sku)
    if (entry !== undefined) yield* copies.keep({ entry, readAt })
    return { value: entry, lifeMs: copyAgeMsMax }
  })
  return yield* Cache.makeWith(lookup, { capacity: productsMax, timeToLive: lifeOf })
})

/** Pages by what was asked for; a SKU has no line feed in it. */
const nameOf = ({ after, limit }: Page): string => `${limit}\n${after ?? ""}`

const pageOf = (name: string): Page => {
  const [limit = "", after = ""] = name.split("\n")
  return { limit: Number(limit), ...(after !== "" && { after: after as Sku }) }
}

const makePages = (catalog: CatalogPort) =>
  Cache.make({
    lookup: (name: string) => catalog.list(pageOf(name)),
    capacity: pagesMax,
    timeToLive: copyAgeMsMax
  })

const skusOf = ({ prices = [], products = [] }: CatalogChange): ReadonlyArray<Sku> => [
  ...new Set([...products, ...prices].map(({ sku }) => sku))
]

/**
 * Browsing over copies in this process and those that processes share, and the catalogue whose
 * `save` drops them. Everything else of the catalogue is as it was.
 */
export const layer: Layer.Layer<Catalog | CatalogBrowsing, never, Catalog | CatalogCopies> =
  Layer.effectContext(
    Effect.gen(function* () {
      const catalog = yield* Catalog
      const copies = yield* CatalogCopies
      const products = yield* makeProducts(catalog, copies)
      const pages = yield* makePages(catalog)

      const forget = Effect.fnUntraced(function* (skus: ReadonlyArray<Sku> | "all") {
        yield* Cache.invalidateAll(pages)
        if (skus === "all") yield* Cache.invalidateAll(products)
        else for (const sku of skus) yield* Cache.invalidate(products, sku)
      })
      yield* Effect.forkScoped(Stream.runForEach(copies.dropped, forget), {
        startImmediately: true
      })

      const browsing = CatalogBrowsing.of({
        find: (sku) => Effect.map(Cache.get(products, sku), ({ value }) => value),
        list: (page) => Cache.get(pages, nameOf(page))
      })
      const save = Effect.fnUntraced(function* (change: CatalogChange) {
        const skus = skusOf(change)
        // A save whose outcome nobody knows may have happened.
        const drop = Effect.andThen(copies.drop(skus), forget(skus))
        yield* Effect.ensuring(catalog.save(change), skus.length === 0 ? Effect.void : drop)
      })
      return Context.make(CatalogBrowsing, browsing).pipe(
        Context.add(Catalog, Catalog.of({ ...catalog, save }))
      )
    })
  )
