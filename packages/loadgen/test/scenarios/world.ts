/** The world of the crash matrix, as stories are told in it. */
import type { ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import { type AuditReport, audit } from "@doorbuster/core/audit/audit"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Promotion } from "@doorbuster/core/catalog/Promotion"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Orders } from "@doorbuster/core/order/Orders"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import {
  type CrashWorld,
  makeWorld,
  type Services,
  type WorldOptions
} from "../../src/crash/CrashWorld.ts"
import { type Ground, memory } from "../../src/crash/Ground.ts"

export { settle as settleAll } from "../../src/crash/CrashWorld.ts"
export {
  buyer,
  cup,
  initialUnits,
  order,
  postage,
  teapot
} from "../../src/crash/Shop.ts"

/** A world whose processes are known by their services. */
export interface World extends Omit<CrashWorld, "start"> {
  readonly start: (
    faults: ProcessFaults
  ) => Effect.Effect<Context.Context<Services>, never, Scope.Scope>
}

/** Over memory stores when no other ground is given. */
export const open = Effect.fnUntraced(function* (
  sandbox: WorldOptions["sandbox"],
  {
    ground,
    promotions = [],
    provider
  }: Partial<{
    readonly ground: Ground
    readonly promotions: ReadonlyArray<Promotion>
    readonly provider: NonNullable<WorldOptions["provider"]>
  }> = {}
) {
  const options = { sandbox, ...(provider !== undefined && { provider }) }
  const world = yield* makeWorld(ground ?? (yield* memory), options)
  if (promotions.length > 0) {
    yield* Context.get(world.outside, Catalog).save({ promotions })
  }
  const start: World["start"] = (faults) =>
    Effect.map(world.start(faults), ({ services }) => services)
  return { ...world, start } satisfies World
})

export const orders = (world: World) => Context.get(world.outside, Orders).list({ limit: 100 })

/** The judge: every invariant, at rest, with the provider's own book. */
export const judge = (world: World): Effect.Effect<AuditReport, unknown> =>
  Effect.gen(function* () {
    const provider = yield* PaymentProvider
    const { captures } = yield* provider.book
    return yield* audit({ graceMs: 0, captures })
  }).pipe(Effect.provideContext(world.outside))

export const violations = (report: AuditReport) =>
  report.invariants.flatMap(({ name, violations: found }) =>
    found.map((violation) => ({ name, ...violation }))
  )

/** All segments of a SKU together; undefined where it has no stock row. */
export const level = (world: World, sku: Sku) =>
  Effect.map(Context.get(world.outside, Inventory).levels([ofSku(sku)]), (rows) =>
    rows.length === 0
      ? undefined
      : rows.reduce((sum, row) => ({
          key: sum.key,
          segment: sum.segment,
          received: sum.received + row.received,
          reserved: sum.reserved + row.reserved,
          sold: sum.sold + row.sold
        }))
  )
