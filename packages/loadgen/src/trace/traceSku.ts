import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"

const isSku = Schema.is(Sku)

/**
 * The SKU for a stock code as a shop wrote it. SKUs hold no spaces, old stock codes may: a space is
 * written as `%20` ("BANK CHARGES" is "BANK%20CHARGES"), and a percent sign as `%25`, so that two
 * codes never become one. Undefined for a code that can be no SKU.
 */
export const traceSku = (code: string): Sku | undefined => {
  const text =
    code.includes("%") || code.includes(" ")
      ? code.replaceAll("%", "%25").replaceAll(" ", "%20")
      : code
  return isSku(text) ? text : undefined
}
