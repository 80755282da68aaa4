import { Sku } from "@doorbuster/core/catalog/Sku"
import { type Currency, minorUnits } from "@doorbuster/core/money/Currency"
import {
  DecimalString,
  decimalInMinorUnits,
  parseDecimal,
  roundDecimal
} from "@doorbuster/core/money/Decimal"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { RestockLine } from "../inputs.ts"
import { worker } from "../layers.ts"
import type { Program } from "../Program.ts"
import { formatMoney } from "../views/money.ts"
import { orderOf } from "./orders.ts"
import { fingerprintOf, staff, toldJson } from "./staffRequest.ts"

/** What the command line says cannot be meant for this order. */
export class UsageRefused extends Schema.TaggedError<UsageRefused>()("UsageRefused", {
  problem: Schema.String
}) {
  override get message() {
    return this.problem
  }
}

export interface RefundOptions {
  readonly orderId: string
  readonly key: string | undefined
  /** In the order's currency, such as 12.50. */
  readonly amount: string | undefined
  readonly restock: ReadonlyArray<"all" | RestockLine>
}

const minorOf = Effect.fnUntraced(function* (text: string, currency: Currency) {
  const price = parseDecimal(DecimalString.make(text))
  const { amount, rest } = roundDecimal(decimalInMinorUnits(price, minorUnits(currency)), "down")
  if (rest.digits === 0n) return amount
  const digits = minorUnits(currency)
  return yield* new UsageRefused({
    problem: `${text} has more than the ${digits} decimal places of ${currency}`
  })
})

const restockOf = Effect.fnUntraced(function* (restock: RefundOptions["restock"]) {
  const lines = restock.filter((line) => line !== "all")
  if (lines.length === restock.length) {
    return lines.map(({ quantity, sku }) => ({ quantity, sku: Sku.make(sku) }))
  }
  if (lines.length === 0) return "all" as const
  return yield* new UsageRefused({ problem: "--restock takes all, or SKU=UNITS, not both" })
})

type Restock = "all" | ReadonlyArray<RestockLine>

/** As the HTTP API takes it, its keys in alphabetical order. */
const bodyOf = (amount: Minor | null, restock: Restock) => ({
  ...(amount !== null && { amount: Number(amount) }),
  ...(restock.length > 0 && { restock })
})

export const refund =
  (options: RefundOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const refunds = yield* Refunds
      const { orderId } = options
      const { currency } = yield* orderOf(orderId)
      const given = options.amount
      const amount = given === undefined ? null : yield* minorOf(given, currency)
      const restock = yield* restockOf(options.restock)
      const fingerprint = fingerprintOf(`/ops/orders/${orderId}/refund`, bodyOf(amount, restock))
      // Two equal refunds under derived keys are one, and the second says so.
      const key = options.key ?? `refund:${fingerprint.slice(0, 32)}`
      const told = yield* refunds.refund({
        orderId: orderId as OrderId,
        account: staff,
        key,
        fingerprint,
        amount,
        restock,
        occurredAt: null
      })
      const json = toldJson(told, key)
      const what = formatMoney(BigInt(Number(json["amount"] ?? 0)), currency)
      const text = told.replayed
        ? `${what} of order ${orderId} were given back before under the key ${key}; ` +
          "pass another --key to give back more"
        : `${what} of order ${orderId} are given back\nkey ${key}`
      return { json, text }
    }).pipe(Effect.provide(worker(configuration)))
