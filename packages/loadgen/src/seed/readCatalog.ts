import { join } from "node:path"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Currency } from "@doorbuster/core/money/Currency"
import { type DecimalString, parseDecimal, toMinor } from "@doorbuster/core/money/Decimal"
import type { Minor } from "@doorbuster/core/money/Minor"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { asSku } from "../trace/asSku.ts"
import { columnsOf, readCsv } from "../trace/csv.ts"
import { type TraceError, TraceInvalid } from "../trace/errors.ts"

const CatalogRow = Schema.Struct({
  sku: Schema.String.check(Schema.isMinLength(1)),
  line_kind: Schema.String.check(Schema.isMinLength(1)),
  name: Schema.String.check(Schema.isMaxLength(1000)),
  currency: Currency,
  usual_unit_price: Schema.String.check(
    Schema.isPattern(/^\d{1,12}(\.\d{1,8})?$/, { expected: 'a price such as "2.55"' })
  )
})
type CatalogRow = typeof CatalogRow.Type

const columns = Object.keys(CatalogRow.fields) as ReadonlyArray<keyof CatalogRow>
const decodeRow = Schema.decodeUnknownResult(CatalogRow)

/** Something that a shop sells, as its catalogue file tells it. */
export interface CatalogItem {
  readonly sku: Sku
  readonly name: string
  /** Goods are stocked; postage, fees and the like are not. */
  readonly stocked: boolean
  readonly currency: Currency
  /** Minor units; a price of more decimals than the currency has is rounded half up. */
  readonly price: Minor
}

const itemOf = (row: CatalogRow): CatalogItem | undefined => {
  const sku = asSku(row.sku)
  if (sku === undefined) return undefined
  const usual = parseDecimal(row.usual_unit_price as DecimalString)
  return {
    sku,
    name: row.name === "" ? row.sku : row.name,
    stocked: row.line_kind === "product",
    currency: row.currency,
    price: toMinor(usual, row.currency, "half_up").amount
  }
}

/** Reads `catalog.csv` of a directory and validates every row. */
export const readCatalog = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<ReadonlyMap<Sku, CatalogItem>, TraceError> {
  const file = join(directory, "catalog.csv")
  const items = new Map<Sku, CatalogItem>()
  let at: ReadonlyArray<number> | undefined
  yield* readCsv(file, (fields, line) => {
    if (at === undefined) {
      at = columnsOf(file, fields, columns)
      return
    }
    const refuse = (detail: string) => new TraceInvalid({ file, line, detail })
    const raw: Record<string, string | undefined> = {}
    for (const [index, name] of columns.entries()) raw[name] = fields[at[index] ?? -1]
    const row = decodeRow(raw)
    if (Result.isFailure(row)) throw refuse(row.failure.message.replaceAll(/\s*\n\s*/g, " "))
    const item = itemOf(row.success)
    if (item === undefined) throw refuse(`${row.success.sku} cannot be a SKU`)
    if (items.has(item.sku)) throw refuse(`${row.success.sku} is listed twice`)
    items.set(item.sku, item)
  })
  return items
})
