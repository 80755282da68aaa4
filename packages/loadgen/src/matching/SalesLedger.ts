import { parseDecimal } from "@doorbuster/core/money/Decimal"
import type { Minor } from "@doorbuster/core/money/Minor"
import { lineAmount } from "../trace/lineAmount.ts"
import type { TraceLine } from "../trace/TraceLine.ts"

/** A sale line that may still be given back, in whole or in part. */
export interface SoldLine {
  readonly orderRef: string
  /** Its price as a number without a notation: "2.5" and "2.50" are one. */
  readonly price: string
  unitsLeft: number
}

const priceKey = ({ unitPrice }: TraceLine): string => {
  let { digits, scale } = parseDecimal(unitPrice)
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n
    scale--
  }
  return `${digits}/${scale}`
}

const keyOf = ({ customer, sku }: TraceLine): string => `${customer} ${sku}`

/** The sales so far: what customers may still give back, and what orders may still pay back. */
export class SalesLedger {
  readonly #lines = new Map<string, Array<SoldLine>>()
  readonly #moneyLeft = new Map<string, bigint>()

  sold(orderRef: string, line: TraceLine): void {
    const left = this.#moneyLeft.get(orderRef) ?? 0n
    this.#moneyLeft.set(orderRef, left + lineAmount(line).amount)
    if (line.customer === "") return
    const sold: SoldLine = { orderRef, price: priceKey(line), unitsLeft: line.qty }
    const known = this.#lines.get(keyOf(line))
    if (known === undefined) this.#lines.set(keyOf(line), [sold])
    else known.push(sold)
  }

  /** Sale lines of this customer and SKU: same price first, then the most recent. */
  candidates(line: TraceLine): ReadonlyArray<SoldLine> {
    const open = (this.#lines.get(keyOf(line)) ?? []).filter(
      ({ orderRef, unitsLeft }) => unitsLeft > 0 && this.moneyLeft(orderRef) > 0n
    )
    const price = priceKey(line)
    const recent = open.toReversed()
    return [
      ...recent.filter((sold) => sold.price === price),
      ...recent.filter((sold) => sold.price !== price)
    ]
  }

  /** Minor units of the order's total that were not given back yet. */
  moneyLeft(orderRef: string): bigint {
    return this.#moneyLeft.get(orderRef) ?? 0n
  }

  giveBack(sold: SoldLine, units: number, amount: Minor): void {
    sold.unitsLeft -= units
    this.#moneyLeft.set(sold.orderRef, this.moneyLeft(sold.orderRef) - amount)
  }
}
