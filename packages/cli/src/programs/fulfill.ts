import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import { worker } from "../layers.ts"
import type { Program } from "../Program.ts"
import { fingerprintOf, staff, toldJson } from "./staffRequest.ts"

export interface FulfillOptions {
  readonly orderId: string
  readonly key: string | undefined
  readonly carrier: string | undefined
  readonly tracking: string | undefined
}

const done = { ship: "shipped", deliver: "delivered" } as const

/** Another carrier is another request: the order, not a key that was used, has to refuse it. */
const derivedKey = (key: string, body: object, fingerprint: string): string =>
  Object.values(body).every((value) => value === undefined)
    ? key
    : `${key}:${fingerprint.slice(0, 8)}`

const fulfill =
  (verb: "ship" | "deliver") =>
  (options: FulfillOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const fulfillment = yield* Fulfillment
      const { carrier, orderId, tracking } = options
      const body = { carrier, tracking }
      const fingerprint = fingerprintOf(`/ops/orders/${orderId}/${verb}`, body)
      const key = options.key ?? derivedKey(`${verb}:${orderId}`, body, fingerprint)
      const told = yield* fulfillment[verb]({
        orderId: orderId as OrderId,
        account: staff,
        key,
        fingerprint,
        carrier: carrier ?? null,
        tracking: tracking ?? null,
        occurredAt: null
      })
      const before = told.replayed ? " (it was before; nothing was done twice)" : ""
      const text = `order ${orderId} is ${done[verb]}${before}\nkey ${key}`
      return { json: toldJson(told, key), text }
    }).pipe(Effect.provide(worker(configuration)))

export const ship = fulfill("ship")
export const deliver = fulfill("deliver")
