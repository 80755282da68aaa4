/** A store for a sale: what lies on its shelves, and what its books say. */
import { audit } from "@doorbuster/core/audit/audit"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Percent } from "@doorbuster/core/catalog/Percent"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { nextUuid } from "@doorbuster/core/Uuid"
import { sagasEnded } from "@doorbuster/loadgen/replay/sagasEnded"
import type { Answer, Buyer } from "@doorbuster/loadgen/sale/Buyer"
import { promisesOf, saleFigures } from "@doorbuster/loadgen/sale/saleFigures"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { load } from "../../../src/configuration/Configuration.ts"
import { ports } from "../../../src/layers.ts"
import type { Place } from "../../support/places.ts"

type Ports = Layer.Success<ReturnType<typeof ports>>

/** In this process, over connections of its own. */
const inside = <A, E>(place: Pick<Place, "flags">, effect: Effect.Effect<A, E, Ports>) =>
  Effect.gen(function* () {
    const configuration = yield* load(place.flags, {})
    return yield* Effect.provide(effect, ports(configuration, "create"))
  }).pipe(Effect.runPromise)

const receive = (sku: string, quantity: number) =>
  Effect.gen(function* () {
    const inventory = yield* Inventory
    const movementId = yield* nextUuid
    const key = ofSku(Sku.make(sku))
    const what = { kind: "receipt", reason: "sale", occurredAt: 0 } as const
    yield* inventory.move([{ movementId, key, quantity, ...what }])
  })

/** A migrated store that sells these SKUs for 3.50 EUR each, with so many units of them. */
export const openStore = (
  place: Pick<Place, "flags">,
  units: Readonly<Record<string, number>>
): Promise<void> =>
  inside(
    place,
    Effect.gen(function* () {
      const skus = Object.keys(units).map((sku) => Sku.make(sku))
      yield* (yield* Catalog).save({
        products: skus.map((sku) => ({
          sku,
          name: `A ${sku.toLowerCase()}`,
          kind: "stocked",
          listed: true,
          taxCategory: "standard"
        })),
        prices: skus.map((sku) => ({
          sku,
          amount: minor(350n),
          currency: Currency.make("EUR"),
          validFrom: null,
          validTo: null,
          kind: "regular"
        })),
        taxRates: [{ category: "standard", percent: Percent.make("20"), mode: "inclusive" }]
      })
      for (const sku of skus) if (units[sku]) yield* receive(sku, units[sku])
    })
  )

/** More units come in, through a process that serves nobody. */
export const restock = (place: Pick<Place, "flags">, sku: string, quantity: number) =>
  inside(place, receive(sku, quantity))

export const availableUnits = (place: Pick<Place, "flags">, sku: string): Promise<number> =>
  inside(
    place,
    Effect.gen(function* () {
      const levels = yield* (yield* Inventory).levels([ofSku(Sku.make(sku))])
      return levels.reduce((sum, it) => sum + it.received - it.reserved - it.sold, 0)
    })
  )

/** Waits until the store has nothing left to do; how many sagas never ended. */
export const atRest = (place: Pick<Place, "flags">): Promise<number> => inside(place, sagasEnded)

/** The books on one SKU, and every invariant that does not hold, the buyers' book included. */
export const judged = (
  place: Pick<Place, "flags">,
  sku: string,
  answers: ReadonlyMap<Buyer, Answer>
) =>
  inside(
    place,
    Effect.gen(function* () {
      const { captures } = yield* (yield* PaymentProvider).book
      const acknowledged = promisesOf(answers, Sku.make(sku))
      const report = yield* audit({ captures, acknowledged, graceMs: 0 })
      const broken = report.invariants.flatMap(({ name, violations }) =>
        violations.map((violation) => ({ name, ...violation }))
      )
      return { broken, figures: yield* saleFigures(Sku.make(sku)) }
    })
  )
