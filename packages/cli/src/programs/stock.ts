import { Books } from "@doorbuster/core/audit/Books"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory, type Movement, type StockLevel } from "@doorbuster/core/inventory/Inventory"
import { isAllowance, type StockKey } from "@doorbuster/core/inventory/StockKey"
import { namedUuid, nextUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { stockJson, stockView } from "../views/stockView.ts"

export class UnknownStock extends Schema.TaggedError<UnknownStock>()("UnknownStock", {
  sku: Schema.String
}) {
  override get message() {
    return `no stock is kept of ${this.sku}: \`store stock show\` lists what there is`
  }
}

/** More units are reserved and sold than would be left. */
export class StockInUse extends Schema.TaggedError<StockInUse>()("StockInUse", {
  sku: Schema.String,
  received: Schema.Int,
  inUse: Schema.Int
}) {
  override get message() {
    return (
      `${this.sku} cannot be set to ${this.received} units: ${this.inUse} are reserved or sold; ` +
      `set it to ${this.inUse} at least`
    )
  }
}

/** The key stands for another change. */
export class MovementReused extends Schema.TaggedError<MovementReused>()("MovementReused", {
  key: Schema.String
}) {
  override get message() {
    return `the key ${this.key} was used for another change of stock: pass a new --key`
  }
}

export interface ShowOptions {
  /** All when empty. */
  readonly skus: ReadonlyArray<string>
  /** Coupon uses and purchase limits as well. */
  readonly allowances: boolean
}

const levelsOf = Effect.fnUntraced(function* (skus: ReadonlyArray<string>) {
  const levels = yield* (yield* Inventory).levels(skus as ReadonlyArray<string & StockKey>)
  const known = new Set<string>(levels.map(({ key }) => key))
  const sku = skus.find((name) => !known.has(name))
  if (sku !== undefined) return yield* new UnknownStock({ sku })
  return levels
})

const allLevels = Effect.fnUntraced(function* (allowances: boolean) {
  const { stock } = yield* Books
  const levels: Array<StockLevel> = []
  yield* Stream.runForEach(stock, ({ key, segments }) =>
    Effect.sync(() => {
      if (allowances || !isAllowance(key)) levels.push(...segments)
    })
  )
  return levels
})

export const showStock =
  ({ allowances, skus }: ShowOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const levels = skus.length > 0 ? yield* levelsOf(skus) : yield* allLevels(allowances)
      return { json: { stock: levels.map(stockJson) }, text: stockView(levels) }
    }).pipe(Effect.provide(ports(configuration)))

export interface SetOptions {
  readonly sku: string
  /** Units received in all, as it should be. */
  readonly received: number
  readonly reason: string
  readonly key: string | undefined
}

/** Stock that nothing could be sold from is a mistyped SKU. */
const mustBeProduct = Effect.fnUntraced(function* (sku: string) {
  const products = yield* (yield* Catalog).products([sku as Sku])
  if (products.size === 0) return yield* new UnknownStock({ sku })
})

/** The movement that brings `received` to a figure; its id comes from the key. */
const move = Effect.fnUntraced(function* (
  options: SetOptions,
  { kind, quantity }: Pick<Movement, "kind" | "quantity">
) {
  const { key, reason, received, sku } = options
  const inventory = yield* Inventory
  const [outcome] = yield* inventory.move([
    {
      movementId: key === undefined ? yield* nextUuid : namedUuid(`stock set ${sku} ${key}`),
      key: sku as StockKey,
      quantity,
      kind,
      reason,
      occurredAt: yield* Clock.currentTimeMillis
    }
  ])
  if (outcome?._tag === "MovementReused") return yield* new MovementReused({ key: key ?? "" })
  if (outcome?._tag === "OutOfStock") {
    const levels = yield* inventory.levels([sku as StockKey])
    const inUse = levels.reduce((units, level) => units + level.reserved + level.sold, 0)
    return yield* new StockInUse({ sku, received, inUse })
  }
})

export const setStock =
  (options: SetOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const { received, sku } = options
      const levels = yield* (yield* Inventory).levels([sku as StockKey])
      if (levels.length === 0) yield* mustBeProduct(sku)
      const kind = levels.length === 0 ? "receipt" : "adjustment"
      const change = received - levels.reduce((sum, level) => sum + level.received, 0)
      if (change !== 0) yield* move(options, { kind, quantity: change })
      const after = yield* levelsOf([sku])
      const json = { sku, change, stock: after.map(stockJson) }
      return { json, text: stockView(after) }
    }).pipe(Effect.provide(ports(configuration)))
