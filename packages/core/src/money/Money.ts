import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Currency } from "./Currency.ts"
import { Minor, MinorFromNumber, minor } from "./Minor.ts"

/** An amount with its currency. */
export const Money = Schema.Struct({ amount: Minor, currency: Currency })
export type Money = typeof Money.Type

/** The wire form of `Money`: `{"amount": 1999, "currency": "EUR"}`. */
export const MoneyFromJson = Schema.Struct({ amount: MinorFromNumber, currency: Currency })

/** Two amounts of different currencies met in one sum. */
export class CurrencyMismatch extends Schema.TaggedError<CurrencyMismatch>()(
  "CurrencyMismatch",
  { left: Currency, right: Currency },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `${this.left} and ${this.right} cannot be added: convert one of them first`
  }
}

export const money = (amount: bigint, currency: Currency): Money => ({
  amount: minor(amount),
  currency
})

export const add = (left: Money, right: Money): Result.Result<Money, CurrencyMismatch> =>
  left.currency === right.currency
    ? Result.succeed(money(left.amount + right.amount, left.currency))
    : Result.fail(new CurrencyMismatch({ left: left.currency, right: right.currency }))

export const subtract = (left: Money, right: Money): Result.Result<Money, CurrencyMismatch> =>
  add(left, money(-right.amount, right.currency))
