/** A whole shop behind a real port of this machine, over the memory adapters. */

import { RequestSettings } from "@doorbuster/adapters/http/Intake"
import { HttpSecrets } from "@doorbuster/adapters/http/identity/HttpSecrets"
import { EventSettings } from "@doorbuster/adapters/http/OrderEvents"
import { Listening, type ServeOptions, serve } from "@doorbuster/adapters/http/StoreServer"
import * as AnswerCacheMemory from "@doorbuster/adapters/memory/AnswerCacheMemory"
import * as CatalogCopiesMemory from "@doorbuster/adapters/memory/CatalogCopiesMemory"
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import { MemoryStore, make as makeStore } from "@doorbuster/adapters/memory/MemoryStore"
import { layerShared, type StorePorts } from "@doorbuster/adapters/memory/memoryLayer"
import * as SessionsMemory from "@doorbuster/adapters/memory/SessionsMemory"
import { approveAll, type SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxProvider from "@doorbuster/adapters/payments/SandboxProvider"
import * as SandboxWebhooks from "@doorbuster/adapters/payments/SandboxWebhooks"
import * as CatalogBrowsing from "@doorbuster/core/edge/CatalogBrowsing"
import type { Gate } from "@doorbuster/core/edge/Gate"
import { layer as keepGate } from "@doorbuster/core/edge/keepGate"
import type { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import { layerWorker } from "@doorbuster/core/StoreCore"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { assert } from "@effect/vitest"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import { fill } from "./goods.ts"
import { queueing } from "./queueing.ts"

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
  readonly gate?: Layer.Layer<Gate>
  readonly deadlineMs?: number
  /** Takes what is logged, which goes nowhere else. */
  readonly log?: (entry: Logger.Options<unknown>) => void
  /** Orders wait in line, and this is how it moves. */
  readonly queue?: Partial<QueueSettings>
  /** Shared with the payment provider. */
  readonly webhookSecret?: Redacted.Redacted | null
}

export const openShop = async (options: ShopOptions = {}): Promise<Shop> => {
  const ports =
    options.ports ?? layerShared.pipe(Layer.provide(Layer.succeed(MemoryStore, makeStore())))
  const payments = SandboxProvider.layer(options.payments ?? approveAll).pipe(
    Layer.provide(SandboxBookMemory.layer)
  )
  const shared = options.webhookSecret
  const secrets = secretsWith(shared === undefined ? webhookSecret : shared)
  const layer = serve({ port: 0, ...options.serve }).pipe(
    Layer.provideMerge(SandboxWebhooks.layer),
    Layer.provideMerge(queueing(options.queue)),
    Layer.provideMerge(layerWorker),
    Layer.provideMerge(keepGate.pipe(Layer.provide(options.gate ?? GateMemory.layer))),
    Layer.provideMerge(Layer.effectDiscard(fill)),
    Layer.provideMerge(CatalogBrowsing.layer),
    Layer.provideMerge(Layer.merge(ports, payments)),
    Layer.provide([
      secrets,
      SessionsMemory.layer,
      CatalogCopiesMemory.layer,
      AnswerCacheMemory.layer
    ]),
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
