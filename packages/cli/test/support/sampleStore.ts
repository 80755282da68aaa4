import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Percent } from "@doorbuster/core/catalog/Percent"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { Settings } from "@doorbuster/core/saga/Settings"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { load } from "../../src/configuration/Configuration.ts"
import { worker } from "../../src/layers.ts"
import type { Place } from "./places.ts"

export const cup = Sku.make("CUP")
export const teapot = Sku.make("TEAPOT")
const eur = Currency.make("EUR")

/** 100 units of each; a cup is 3.50, a teapot 49.99, both with 20 % tax contained. */
const stockUp = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  const prices = [
    { sku: cup, amount: minor(350n) },
    { sku: teapot, amount: minor(4_999n) }
  ]
  yield* catalog.save({
    products: prices.map(({ sku }) => ({
      sku,
      name: `A ${sku.toLowerCase()}`,
      kind: "stocked",
      listed: true,
      taxCategory: "standard"
    })),
    prices: prices.map((price) => ({
      ...price,
      currency: eur,
      validFrom: null,
      validTo: null,
      kind: "regular"
    })),
    taxRates: [{ category: "standard", percent: Percent.make("20"), mode: "inclusive" }]
  })
  yield* inventory.move(
    prices.map(({ sku }) => ({
      movementId: namedUuid(`sample ${sku}`),
      key: ofSku(sku),
      quantity: 100,
      kind: "receipt",
      reason: "sample",
      occurredAt: 0
    }))
  )
})

const buy = Effect.fnUntraced(function* (reference: string) {
  const checkout = yield* Checkout
  const told = yield* checkout.place({
    account: "ann" as AccountId,
    key: reference,
    fingerprint: reference,
    currency: eur,
    lines: [
      { sku: cup, quantity: Quantity.make(2) },
      { sku: teapot, quantity: Quantity.make(1) }
    ],
    coupons: [],
    shippingMethod: null,
    shipTo: JSON.stringify({ city: "Ulm" }),
    expectedTotal: null,
    externalRef: reference,
    occurredAt: null
  })
  return (JSON.parse(told.answer.body) as { readonly order_id: string }).order_id
})

/** A migrated store with two products and a paid order of 56.99 EUR for each reference. */
export const makeSampleStore = <Reference extends string>(
  place: Place,
  ...references: ReadonlyArray<Reference>
): Promise<Record<Reference, string>> =>
  Effect.gen(function* () {
    const configuration = yield* load(place.flags, {})
    return yield* Effect.gen(function* () {
      yield* stockUp
      const orders: Partial<Record<Reference, string>> = {}
      for (const reference of references) orders[reference] = yield* buy(reference)
      yield* (yield* SagaRunner).idle
      return orders as Record<Reference, string>
    }).pipe(Effect.provide(worker(configuration, "create")))
  }).pipe(Effect.runPromise)

/**
 * Leaves one more order whose checkout was cut off while its payment was under way: its saga is
 * open and belongs to nobody.
 */
export const cutOffCheckout = (place: Place, reference: string): Promise<string> =>
  Effect.gen(function* () {
    const configuration = yield* load({ ...place.flags, "provider-mix": "late=1" }, {})
    const impatient = { ...(yield* Settings), drainMs: 0 }
    return yield* buy(reference).pipe(
      Effect.provide(worker(configuration, "create")),
      Effect.provideService(Settings, impatient)
    )
  }).pipe(Effect.runPromise)
