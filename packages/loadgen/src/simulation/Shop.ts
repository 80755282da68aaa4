import * as CatalogMemory from "@doorbuster/adapters/memory/CatalogMemory"
import * as MemoryStore from "@doorbuster/adapters/memory/MemoryStore"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as goods from "./goods.ts"
import { latency, type Stage } from "./Stage.ts"
import type { StoreProcess } from "./StoreProcess.ts"
import { Timeline } from "./Timeline.ts"

type CatalogPort = (typeof Catalog)["Service"]

/** The catalogue, what it said when, and who changes it while the shop sells. */
export class Shop {
  readonly #stage: Stage
  readonly #catalog: CatalogPort
  readonly #prices = new Map<Sku, Timeline>()

  private constructor(stage: Stage, catalog: CatalogPort) {
    this.#stage = stage
    this.#catalog = catalog
  }

  static readonly open = Effect.fnUntraced(function* (stage: Stage) {
    const catalog = yield* Effect.provide(
      Catalog,
      Layer.fresh(CatalogMemory.layer.pipe(Layer.provide(MemoryStore.MemoryStore.layer)))
    )
    const shop = new Shop(stage, catalog)
    yield* catalog.save(goods.opening)
    for (const { amount, sku } of goods.goods) {
      if (amount !== null) shop.#noted(sku, amount)
    }
    return shop
  })

  /** The catalogue as a store process reaches it: its reads take time and may fail. */
  port(process: StoreProcess): CatalogPort {
    const { clock, faults, random, scenario } = this.#stage
    const chance = random.fork(`catalogue link of ${process.name}`)
    const over = <A>(read: Effect.Effect<A, StorageError>): Effect.Effect<A, StorageError> =>
      Effect.suspend(() => {
        if (faults.happens("crash", "catalog")) {
          process.crash()
          return Effect.never
        }
        if (faults.happens("db_refused", "catalog")) {
          const reason = "unavailable"
          return new StorageError({ operation: "catalog", reason, detail: "not reachable" })
        }
        const slowMs = faults.happens("db_delay", "catalog") ? chance.between(100, 20_000) : 0
        return Effect.andThen(clock.sleep(latency(chance, scenario) + slowMs), read)
      })
    return {
      products: (skus) => over(this.#catalog.products(skus)),
      list: (page) => over(this.#catalog.list(page)),
      pricingRules: (at) => over(this.#catalog.pricingRules(at)),
      save: (change) => over(this.#catalog.save(change))
    }
  }

  /** Every unit price that was in force at some moment of the window. */
  pricesBetween(sku: Sku, from: number, to: number): ReadonlyArray<bigint> {
    return this.#prices.get(sku)?.between(from, to) ?? []
  }

  readonly changePrice = Effect.fnUntraced(function* (this: Shop) {
    const random = this.#stage.random.fork(`price ${this.#stage.clock.nowMs}`)
    const { amount, sku } = random.pick([...goods.plain, ...goods.hot])
    const next = ((amount ?? 1n) * BigInt(random.between(50, 150))) / 100n + 1n
    this.#noted(sku, next)
    yield* this.#catalog.save({ prices: [goods.price(sku, next)] })
  }).bind(this)

  readonly changePromotion = Effect.fnUntraced(function* (this: Shop) {
    const random = this.#stage.random.fork(`promotion ${this.#stage.clock.nowMs}`)
    const changed = random.chance(0.5)
      ? goods.saleOn(String(random.pick([0, 5, 20, 33])))
      : goods.tenOff(random.between(1, 40), random.between(1, 3))
    yield* this.#catalog.save({ promotions: [changed] })
  }).bind(this)

  #noted(sku: Sku, amount: bigint): void {
    const timeline = this.#prices.get(sku) ?? new Timeline()
    timeline.set(this.#stage.clock.nowMs, amount)
    this.#prices.set(sku, timeline)
  }
}
