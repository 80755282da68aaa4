/** What the types of a configuration refuse: each mark below fails the check if they do not. */
import { defineConfig } from "@doorbuster/cli/config"
import { Carts } from "@doorbuster/core/cart/Carts"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, test } from "vitest"

class Warehouse extends Context.Service<Warehouse, { readonly url: string }>()("Warehouse") {}

declare const carts: (typeof Carts)["Service"]
const lateCarts = Layer.effect(
  Carts,
  Effect.sync(() => carts)
)
const overInventory = Layer.effect(Carts, Effect.as(Inventory, lateService()))
const overWarehouse = Layer.effect(Carts, Effect.as(Warehouse, lateService()))
const overItself = Layer.effect(Carts, Carts)

/** Nothing here is built: the types are what is tried. */
function lateService() {
  return {} as (typeof Carts)["Service"]
}

test("a configuration is taken as it is written", () => {
  const config = {
    settings: { port: 8080, database_url: "postgres://127.0.0.1/shop", provider_mix: "approve=1" },
    ports: { carts: lateCarts }
  }
  expect(defineConfig(config)).toBe(config)
})

test("a layer may ask for other ports, and may be wrapped around the store's own", () => {
  expect(defineConfig({ ports: { carts: overInventory } })).toBeDefined()
  expect(defineConfig({ ports: { carts: (own) => Layer.provide(overItself, own) } })).toBeDefined()
})

test("the compiler refuses what cannot serve", () => {
  const refused = [
    // @ts-expect-error: carts are no stock
    defineConfig({ ports: { inventory: lateCarts } }),
    // @ts-expect-error: a service is no layer
    defineConfig({ ports: { carts: lateService() } }),
    // @ts-expect-error: half a service is none
    defineConfig({ ports: { carts: Layer.succeed(Carts, { get: lateService().get }) } }),
    // @ts-expect-error: nobody gives the warehouse
    defineConfig({ ports: { carts: overWarehouse } }),
    // @ts-expect-error: the store's own layer is given to a function, not to a layer
    defineConfig({ ports: { carts: overItself } }),
    // @ts-expect-error: a function has to give the port that it was given
    defineConfig({ ports: { inventory: () => lateCarts } }),
    // @ts-expect-error: there is no such port
    defineConfig({ ports: { cart: lateCarts } }),
    // @ts-expect-error: there is no such setting
    defineConfig({ settings: { portt: 1 } }),
    // @ts-expect-error: a port is a number
    defineConfig({ settings: { port: "high" } })
  ]
  expect(refused).toHaveLength(9)
})
