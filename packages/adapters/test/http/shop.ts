/** A whole shop behind a real port of this machine, over the memory adapters. */

import { RequestSettings } from "@doorbuster/adapters/http/Intake"
import { HttpSecrets } from "@doorbuster/adapters/http/identity/HttpSecrets"
import { EventSettings } from "@doorbuster/adapters/http/OrderEvents"
import { Listening, type ServeOptions, serve } from "@doorbuster/adapters/http/StoreServer"
import { MemoryStore, make as makeStore } from "@doorbuster/adapters/memory/MemoryStore"
import { layerShared, type StorePorts } from "@doorbuster/adapters/memory/memoryLayer"
import { approveAll, type SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxProvider from "@doorbuster/adapters/payments/SandboxProvider"
import * as SandboxWebhooks from "@doorbuster/adapters/payments/SandboxWebhooks"
import { Catalog, type CatalogChange } from "@doorbuster/core/catalog/Catalog"
import { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { layerWorker } from "@doorbuster/core/StoreCore"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"

export const staffToken = "staff-token-of-the-tests"
export const webhookSecret = Redacted.make("webhook-secret-of-the-tests")
export const sessionKey = Redacted.make("session-key-of-the-tests")

const secretsWith = (shared: Redacted.Redacted | null) =>
  Layer.succeed(HttpSecrets, {
    sessionKey,
    staffToken: Redacted.make(staffToken),
    webhookSecret: shared,
    sessionTtlMs: 3_600_000
  })

export const eur = Currency.make("EUR")

const goods = (sku: string, listed = true) => ({
  sku: Sku.make(sku),
  name: `The ${sku}`,
  kind: "stocked" as const,
  listed,
  taxCategory: "standard"
})
const price = (sku: string, amount: bigint) => ({
  sku: Sku.make(sku),
  currency: eur,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular" as const
})

/** Mugs at 10.00 with plenty of stock, one lamp at 25.00, postage, and a retired vase. */
export const catalogue: CatalogChange = {
  products: [
    goods("LAMP"),
    goods("MUG"),
    goods("VASE", false),
    { ...goods("POST"), kind: "service" },
    { ...goods("RARE"), purchaseLimit: 2 }
  ],
  prices: [
    price("LAMP", 2500n),
    price("MUG", 1000n),
    price("VASE", 700n),
    price("POST", 390n),
    price("RARE", 9900n)
  ],
  promotions: [
    {
      type: "order_percent",
      percent: "10" as never,
      id: "ten",
      name: "Ten percent",
      priority: 1,
      exclusive: false,
      stackable: true,
      on: "all",
      coupon: { code: CouponCode.make("TEN"), maxUses: 1 },
      validFrom: null,
      validTo: null
    }
  ]
}

const stock = { LAMP: 1, MUG: 10_000, RARE: 5 }

const fill = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  yield* catalog.save(catalogue)
  yield* inventory.move(
    Object.entries(stock).map(([sku, quantity]) => ({
      movementId: namedUuid(`first ${sku}`),
      key: ofSku(Sku.make(sku)),
      quantity,
      kind: "receipt" as const,
      reason: "first delivery",
      occurredAt: 0
    }))
  )
})

export interface Request {
  readonly token?: string
  readonly body?: unknown
  /** Sent as it is, whatever it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
  readonly json: any
}

/** The reply is a problem document of this status and code, and tells nothing of our inside. */
export const assertProblem = (reply: Reply, status: number, code: string) => {
  assert.deepStrictEqual(
    [reply.status, reply.json?.code, reply.json?.status, reply.headers.get("content-type")],
    [status, code, status, "application/problem+json"],
    reply.text
  )
  assert.isString(reply.json.title)
  assert.isString(reply.json.detail)
  assert.match(reply.json.type, /^urn:/)
  assert.notMatch(reply.text, /node_modules|\.ts:|\bat [A-Z]/)
}

const parsed = (text: string) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const call = async (
  url: string,
  method: string,
  path: string,
  { body, headers, key, raw, token }: Request = {}
): Promise<Reply> => {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(sent !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { "idempotency-key": key }),
      ...headers
    },
    ...(sent !== undefined && { body: sent })
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

/** What a test may reach for behind the interface. */
type Inside = StorePorts | SagaRunner | Listening

export interface Shop extends AsyncDisposable {
  readonly url: string
  readonly call: (method: string, path: string, request?: Request) => Promise<Reply>
  readonly inside: <A, E>(effect: Effect.Effect<A, E, Inside>) => Promise<A>
  /** A new guest's token. */
  readonly guest: () => Promise<string>
  /** Waits until every saga has come to its end. */
  readonly settled: () => Promise<void>
  /** An order of so many mugs, paid. */
  readonly paidOrder: (token: string, quantity?: number) => Promise<string>
}

export interface ShopOptions {
  readonly payments?: SandboxOptions
  readonly ports?: Layer.Layer<StorePorts>
  readonly serve?: Omit<ServeOptions, "port">
  readonly deadlineMs?: number
  /** Takes what is logged, which goes nowhere else. */
  readonly log?: (entry: Logger.Options<unknown>) => void
  /** Shared with the payment provider. */
  readonly webhookSecret?: Redacted.Redacted | null
}

export const openShop = async (options: ShopOptions = {}): Promise<Shop> => {
  const ports =
    options.ports ?? layerShared.pipe(Layer.provide(Layer.succeed(MemoryStore, makeStore())))
  const payments = SandboxProvider.layer(options.payments ?? approveAll).pipe(
    Layer.provide(SandboxBookMemory.layer)
  )
  const layer = serve({ port: 0, ...options.serve }).pipe(
    Layer.provideMerge(SandboxWebhooks.layer),
    Layer.provideMerge(layerWorker),
    Layer.provideMerge(Layer.effectDiscard(fill)),
    Layer.provideMerge(Layer.merge(ports, payments)),
    Layer.provide(
      secretsWith(options.webhookSecret === undefined ? webhookSecret : options.webhookSecret)
    ),
    Layer.provide(Layer.succeed(RequestSettings, { deadlineMs: options.deadlineMs ?? 15_000 })),
    Layer.provide(Layer.succeed(EventSettings, { pollMs: 20, heartbeatMs: 100 })),
    Layer.provideMerge(
      options.log === undefined ? Layer.empty : Logger.layer([Logger.make(options.log)])
    )
  )
  const runtime = ManagedRuntime.make(layer)
  const inside: Shop["inside"] = (effect) => runtime.runPromise(effect)
  const { url } = await inside(Listening)
  const ask: Shop["call"] = (method, path, request) => call(url, method, path, request)
  const settled = () => inside(SagaRunner.use(({ idle }) => idle))
  return {
    url,
    call: ask,
    inside,
    guest: async () => (await ask("POST", "/sessions")).json.token,
    settled,
    paidOrder: async (token, quantity = 1) => {
      const body = { currency: "EUR", lines: [{ sku: "MUG", quantity }] }
      const key = crypto.randomUUID()
      const { json } = await ask("POST", "/checkout", { token, key, body })
      await settled()
      return json.order_id
    },
    [Symbol.asyncDispose]: () => runtime.dispose()
  }
}
