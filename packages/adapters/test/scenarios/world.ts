/** A shop in which processes can be started, killed, paused and recovered. */
import { type AuditReport, audit } from "@doorbuster/core/audit/audit"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Percent } from "@doorbuster/core/catalog/Percent"
import type { Promotion } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import type { Checkout, PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import type { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import type { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import type { Refunds } from "@doorbuster/core/refund/Refunds"
import * as StoreCore from "@doorbuster/core/StoreCore"
import type { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { Settings } from "@doorbuster/core/saga/Settings"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Faults from "../../src/faults/ProcessFaults.ts"
import type { SandboxOptions } from "../../src/payments/SandboxBehavior.ts"
import { layer as sandboxWebhooks } from "../../src/payments/SandboxWebhooks.ts"
import * as Ground from "./Ground.ts"

export const teapot = Sku.make("TEAPOT")
export const cup = Sku.make("CUP")
export const postage = Sku.make("POSTAGE")
const gbp = Currency.make("GBP")

export const initialUnits = 10

export type Process = Checkout | PaymentEvents | Fulfillment | Refunds | SagaRunner

type Provider = (typeof PaymentProvider)["Service"]

/** What outlives every process: the stores and the provider. */
export interface World {
  readonly ground: Ground.Ground
  readonly outside: Context.Context<Ground.Outside>
  /** Starts a process; it lives until it is killed, or the test is over. */
  readonly start: (
    faults: Faults.ProcessFaults
  ) => Effect.Effect<Context.Context<Process>, never, Scope.Scope>
}

const product = (sku: Sku, kind: "stocked" | "service") => ({
  sku,
  name: sku,
  kind,
  listed: true,
  taxCategory: "standard"
})

const price = (sku: Sku, amount: bigint) => ({
  sku,
  currency: gbp,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular" as const
})

const stockCatalog = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  yield* catalog.save({
    products: [product(teapot, "stocked"), product(cup, "stocked"), product(postage, "service")],
    prices: [price(teapot, 4_999n), price(cup, 350n), price(postage, 0n)],
    taxRates: [{ category: "standard", percent: Percent.make("20"), mode: "exclusive" }]
  })
  yield* inventory.move(
    [teapot, cup].map((sku) => ({
      movementId: namedUuid(`receipt ${sku}`),
      key: ofSku(sku),
      quantity: initialUnits,
      kind: "receipt" as const,
      reason: "opening stock",
      occurredAt: 0
    }))
  )
})

export const makeWorld = Effect.fnUntraced(function* (
  sandbox: SandboxOptions,
  promotions: ReadonlyArray<Promotion> = [],
  provider: (sandbox: Provider) => Provider = (same) => same,
  on: Effect.Effect<Ground.Ground, never, Scope.Scope> = Ground.memory
) {
  const ground = yield* on
  const reach = Effect.map(ground.reach(sandbox), (ports) =>
    Context.add(ports, PaymentProvider, provider(Context.get(ports, PaymentProvider)))
  )
  const outside = yield* reach
  yield* Effect.provideContext(stockCatalog, outside)
  if (promotions.length > 0) {
    yield* Effect.provideContext(
      Catalog.use((catalog) => catalog.save({ promotions })),
      outside
    )
  }

  const start = Effect.fnUntraced(function* (faults: Faults.ProcessFaults) {
    const ports = Faults.layer(faults).pipe(
      Layer.provideMerge(Layer.succeedContext(yield* reach)),
      Layer.provideMerge(Layer.succeed(Settings, ground.settings))
    )
    const process = sandboxWebhooks.pipe(
      Layer.provideMerge(StoreCore.layerWorker),
      Layer.provide(ports)
    )
    // Nobody ever closes it in order: a killed process does nothing more, not even at its end.
    yield* Effect.addFinalizer(() => Effect.sync(() => faults.kill()))
    return yield* Layer.buildWithScope(process, yield* Scope.make())
  })

  return { ground, outside, start } satisfies World
})

export const buyer = "acc_buyer" as AccountId

export const order = (fields: Partial<PlaceOrder> = {}): PlaceOrder => ({
  account: buyer,
  key: "key-1",
  fingerprint: "body-1",
  currency: gbp,
  lines: [
    { sku: teapot, quantity: Quantity.make(2) },
    { sku: cup, quantity: Quantity.make(3) },
    { sku: teapot, quantity: Quantity.make(1) }
  ],
  coupons: [],
  shippingMethod: null,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  ...fields
})

/** Lets time pass until no saga is open, or every deadline is long over. */
export const settleAll = Effect.fnUntraced(function* ({ ground, outside }: World) {
  const sagas = Context.get(outside, Sagas)
  const { pollMs, sagaDeadlineMs } = ground.settings
  for (let waitedMs = 0; waitedMs < 1.5 * sagaDeadlineMs; waitedMs += pollMs / 2) {
    yield* ground.pass(pollMs / 2)
    const open = yield* sagas.list({ state: "open", limit: 1 })
    if (open.length === 0 && waitedMs >= 2 * pollMs) return
  }
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

export const level = (world: World, sku: Sku) =>
  Effect.map(Context.get(world.outside, Inventory).levels([ofSku(sku)]), ([row]) => row)
