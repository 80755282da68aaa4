/** A shop whose only lamp is sold, and a gate that tells who was asked at it. */
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import { Gate } from "@doorbuster/core/edge/Gate"
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { openShop, type Reply, type Shop, type ShopOptions } from "../shop.ts"

export const lamp = { currency: "EUR", lines: [{ sku: "LAMP", quantity: 1 }] }

/** Counts the requests that reach the gate through the endpoint: the fast lane only looks at it. */
const countingGate = (counted: { asked: number }) =>
  Layer.effect(
    Gate,
    Effect.map(Effect.context<Gate>(), (context) => {
      const gate = Context.get(context, Gate)
      return Gate.of({
        ...gate,
        enter: (batch) =>
          Effect.suspend(() => {
            counted.asked += batch.length
            return gate.enter(batch)
          })
      })
    })
  ).pipe(Layer.provide(GateMemory.layer))

export interface SoldOutShop extends AsyncDisposable {
  readonly shop: Shop
  /** Who has the lamp, under which key, and what the answer was. */
  readonly owner: { readonly token: string; readonly key: string; readonly placed: Reply }
  readonly token: string
  readonly counted: { asked: number }
}

export const openSoldOutShop = async (options: ShopOptions = {}): Promise<SoldOutShop> => {
  const counted = { asked: 0 }
  const shop = await openShop({ gate: countingGate(counted), ...options })
  const [owner, token] = [await shop.guest(), await shop.guest()]
  const place = (by: string, key: string) =>
    shop.call("POST", "/checkout", { token: by, key, body: lamp })
  const placed = await place(owner, "first")
  assert.strictEqual(placed.status, 201, placed.text)
  // The stock itself refuses once; from then on the gate knows.
  assert.strictEqual((await place(token, "second")).status, 409)
  await shop.settled()
  return {
    shop,
    owner: { token: owner, key: "first", placed },
    token,
    counted,
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]()
  }
}
