import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"

const isSku = Schema.is(Sku)

/** The stock code as a shop wrote it; undefined for one that can be no SKU. */
export const asSku = (code: string): Sku | undefined => (isSku(code) ? code : undefined)
