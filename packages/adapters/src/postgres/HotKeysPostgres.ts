import { type HotKey, HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { defaultChoice, StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { InventoryDatabase, type Statement } from "./Database.ts"
import { integer, type Row, text, timestamp } from "./rows.ts"

const list: Statement = {
  name: "hot_keys_list",
  text: "select sku, strategy, segments, since from inventory.hot_keys order by sku"
}

/** Of two at once the second waits for the first, and then finds its row. */
const enlist: Statement = {
  name: "hot_keys_enlist",
  text: `insert into inventory.hot_keys (sku, strategy, segments, since) values ($1, $2, $3, $4)
    on conflict do nothing returning sku`
}

const dismiss: Statement = {
  name: "hot_keys_dismiss",
  text: "delete from inventory.hot_keys where sku = $1 returning sku"
}

const isStrategy = Schema.is(StockStrategy)

/** What a newer program has chosen is sold by the default here, as elsewhere. */
const hotKeyOf = (row: Row): HotKey => {
  const strategy = text(row, "strategy")
  return {
    key: text(row, "sku") as StockKey,
    strategy: isStrategy(strategy) ? strategy : defaultChoice.strategy,
    segments: integer(row, "segments"),
    since: integer(row, "since")
  }
}

export const layer: Layer.Layer<HotKeys, never, InventoryDatabase> = Layer.effect(
  HotKeys,
  Effect.gen(function* () {
    const database = yield* InventoryDatabase
    const isOne = (rows: ReadonlyArray<Row>): boolean => rows.length === 1
    return HotKeys.of({
      list: Effect.map(database.query("hot_keys.list", list), (rows) => rows.map(hotKeyOf)),
      enlist: ({ key, segments, since, strategy }) =>
        Effect.map(
          database.query("hot_keys.enlist", enlist, [key, strategy, segments, timestamp(since)]),
          isOne
        ),
      dismiss: (key) => Effect.map(database.query("hot_keys.dismiss", dismiss, [key]), isOne)
    })
  })
)
