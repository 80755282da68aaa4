/**
 * One hash over the state that a store is in: orders by their external references, stock by SKU,
 * balances by account. Only business keys and amounts go in, no ids and no times, so two stores
 * that have come to the same state by different ways have the same digest.
 */
import { createHash } from "node:crypto"
import type { StockBook } from "@doorbuster/core/audit/Books"
import type { TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Order } from "@doorbuster/core/order/Order"

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

const lineText = ({ quantity, sku, total }: Order["lines"][number]): string =>
  JSON.stringify([sku, quantity, String(total)])

const orderText = (order: Order): string => {
  const { account, currency, externalRef, lines, refundedTotal, state, total } = order
  const head = [externalRef, account, state, currency, String(total), String(refundedTotal)]
  return `order ${JSON.stringify(head)} ${lines.map(lineText).join(" ")}`
}

const stockText = ({ key, segments }: StockBook): string => {
  const units = { received: 0, reserved: 0, sold: 0 }
  for (const { received, reserved, sold } of segments) {
    units.received += received
    units.reserved += reserved
    units.sold += sold
  }
  return `stock ${JSON.stringify([key, units.received, units.reserved, units.sold])}`
}

const balanceText = ({ account, credit, currency, debit }: TrialBalanceRow): string =>
  `balance ${JSON.stringify([account, currency, String(debit), String(credit)])}`

/** Facts may come in any order; each is kept as a short hash, so a large store fits. */
export class StateDigest {
  readonly #facts: Array<string> = []

  /** An order without a reference of its shop has no business key, and is told by its effects. */
  order(order: Order): void {
    if (order.externalRef !== null) this.#facts.push(sha256(orderText(order)))
  }

  stock(book: StockBook): void {
    this.#facts.push(sha256(stockText(book)))
  }

  balance(rows: ReadonlyArray<TrialBalanceRow>): void {
    for (const row of rows) this.#facts.push(sha256(balanceText(row)))
  }

  value(): string {
    return sha256(this.#facts.toSorted().join("\n"))
  }
}
