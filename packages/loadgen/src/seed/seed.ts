import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory, type Movement } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type OnProgress, silent } from "../Progress.ts"
import { TraceInvalid } from "../trace/errors.ts"
import { orderLinesIn, readTrace } from "../trace/readTrace.ts"
import { type CatalogItem, readCatalog } from "./readCatalog.ts"
import { type TraceSku, traceSkus } from "./traceStock.ts"

/**
 * What each stocked SKU is given: so many units, or `exact`ly those that the order lines of the
 * directory take out before anything comes back.
 */
export type SeedStock = number | "exact"

export interface SeedReport {
  readonly products: number
  /** Of them buyers can order these; the rest are services and what was never sold. */
  readonly listed: number
  readonly services: number
  readonly stock: {
    readonly skus: number
    readonly units: number
    /** SKUs that had got their units by an earlier seed. */
    readonly skus_as_before: number
  }
}

/** A receipt was made under another kind, SKU or number of units. */
export class SeedDiffers extends Schema.TaggedError<SeedDiffers>()("SeedDiffers", {
  sku: Schema.String
}) {
  override get message() {
    return `${this.sku} was seeded with other units before: seed a fresh store`
  }
}

const batchSize = 500
const taxCategory = "standard"

const batches = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize)
  )

const productOf = (item: CatalogItem): Product => ({
  sku: item.sku,
  name: item.name,
  kind: item.stocked ? "stocked" : "service",
  // Postage and fees are charged by the shop, nobody puts them into a cart.
  listed: item.stocked,
  taxCategory
})

const priceOf = ({ currency, price, sku }: CatalogItem): Price => ({
  sku,
  currency,
  amount: price,
  validFrom: null,
  validTo: null,
  kind: "regular"
})

/** Moved or given back but never sold: it has neither name nor price. */
const nameless = (sku: Sku, { stocked }: TraceSku): Product => ({
  sku,
  name: sku,
  kind: stocked ? "stocked" : "service",
  listed: false,
  taxCategory
})

/** The catalogue with all that the order lines know beyond it. */
const productsOf = Effect.fnUntraced(function* (
  file: string,
  items: ReadonlyMap<Sku, CatalogItem>,
  known: ReadonlyMap<Sku, TraceSku>
) {
  const catalog = yield* Catalog
  const beyond = [...known].filter(([sku]) => !items.has(sku))
  for (const [sku, { fileLine, sold }] of beyond) {
    const detail = `${sku} is sold, but catalog.csv does not name it`
    if (sold) return yield* new TraceInvalid({ file, line: fileLine, detail })
  }
  // Another directory may have brought its name and price: those stay.
  const before = yield* catalog.products(beyond.map(([sku]) => sku))
  return {
    new: [
      ...Array.from(items.values(), productOf),
      ...beyond.flatMap(([sku, trace]) => (before.has(sku) ? [] : [nameless(sku, trace)]))
    ],
    before: beyond.flatMap(([sku]) => before.get(sku)?.product ?? [])
  }
})

const receipt = (source: string, sku: Sku, quantity: number, at: number): Movement => ({
  movementId: namedUuid(`seed:${source}:${sku}`),
  key: ofSku(sku),
  quantity,
  kind: "receipt",
  reason: "seed",
  occurredAt: at
})

const receive = Effect.fnUntraced(function* (batch: ReadonlyArray<Movement>) {
  const inventory = yield* Inventory
  const outcomes = yield* inventory.move(batch)
  let before = 0
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome._tag !== "Moved") return yield* new SeedDiffers({ sku: batch[index]?.key ?? "" })
    if (outcome.replayed) before++
  }
  return before
})

const fileDigest = (file: string) =>
  Effect.promise(async () =>
    createHash("sha256")
      .update(await readFile(file))
      .digest("hex")
  )

/** What the order lines tell; a directory without them is none to take the exact stock from. */
const skusOf = Effect.fnUntraced(function* (file: string, stock: SeedStock) {
  if (stock !== "exact" && !existsSync(file)) return new Map<Sku, TraceSku>()
  return traceSkus(yield* readTrace(file))
})

/**
 * Loads a shop's directory: `catalog.csv` with its usual prices, and what only the order
 * lines know.
 * Seeding the same directory again changes nothing; another one is a delivery of its own.
 */
export const seed = Effect.fn("seed")(function* (
  directory: string,
  stock: SeedStock,
  onProgress: OnProgress = silent
) {
  const catalog = yield* Catalog
  const items = yield* readCatalog(directory)
  const file = yield* orderLinesIn(directory)
  const known = yield* skusOf(file, stock)
  const { before: kept, new: products } = yield* productsOf(file, items, known)
  const all = [...products, ...kept]
  const source = stock === "exact" ? yield* fileDigest(file) : String(stock)
  const at = yield* Clock.currentTimeMillis
  const receipts = all.flatMap(({ kind, sku }) => {
    const quantity = stock === "exact" ? (known.get(sku)?.unitsOut ?? 0) : stock
    return kind === "stocked" && quantity > 0 ? [receipt(source, sku, quantity, at)] : []
  })
  const total = products.length + receipts.length
  let done = 0
  for (const batch of batches(products)) {
    const priced = batch.flatMap(({ sku }) => items.get(sku) ?? [])
    yield* catalog.save({ products: batch, prices: priced.map(priceOf) })
    done += batch.length
    yield* onProgress(done, total)
  }
  let before = 0
  for (const batch of batches(receipts)) {
    before += yield* receive(batch)
    done += batch.length
    yield* onProgress(done, total)
  }
  const report: SeedReport = {
    products: all.length,
    listed: all.filter(({ listed }) => listed).length,
    services: all.filter(({ kind }) => kind === "service").length,
    stock: {
      skus: receipts.length,
      units: receipts.reduce((sum, { quantity }) => sum + quantity, 0),
      skus_as_before: before
    }
  }
  return report
})
