import * as Memory from "@doorbuster/adapters/memory/memoryLayer"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBook from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import type { CartLine } from "@doorbuster/core/cart/Cart"
import { Carts } from "@doorbuster/core/cart/Carts"
import { Sessions } from "@doorbuster/core/edge/Sessions"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { describe } from "vitest"
import { assemble, beside, type OwnPorts, served, serverPort } from "../../src/plugins/assemble.ts"
import type { PluginFailed } from "../../src/plugins/PluginFailed.ts"
import {
  type Plugs,
  type Port,
  type PortName,
  pluggable,
  portNames
} from "../../src/plugins/pluggable.ts"

const sandboxAlone = Sandbox.layer(approveAll).pipe(Layer.provide(SandboxBook.layer))
const file = "/shop/store.config.ts"
const ann = "ann" as AccountId
const cup = { sku: "CUP", quantity: 1 } as CartLine

const world = Layer.merge(Memory.layer, sandboxAlone)

/** One port of that world; an empty service for those that the world has not. */
const only = (name: PortName) => {
  const port = pluggable[name] as Context.Key<Port<PortName>, unknown>
  const service = Effect.map(Layer.build(world), (context) =>
    Option.getOrElse(Context.getOption(context, port), () => ({}))
  )
  return Layer.effect(port, service)
}

/** Memory stores, a sandbox, and a note of what was built and what ran. */
const ownPorts = () => {
  const notes: Array<string> = []
  const note = (text: string) => Layer.effectDiscard(Effect.sync(() => void notes.push(text)))
  const entries = portNames.map((name) => {
    const layer = Layer.merge(only(name), note(`own ${name}`))
    return [name, { by: "memory", layer, beside: note(`beside own ${name}`) }] as const
  })
  const own = Object.fromEntries(entries) as unknown as OwnPorts<never, never, never>
  return { notes, own }
}

const over = (ports: Plugs) => {
  const { notes, own } = ownPorts()
  return { layer: assemble(own, { file, ports }), notes }
}

/** Carts that know who made them: the name is the first line of each cart. */
const named = (name: string, inner: (typeof Carts)["Service"]) =>
  Carts.of({
    ...inner,
    get: (account) =>
      Effect.map(inner.get(account), ({ lines }) => ({
        lines: [{ sku: name, quantity: 1 } as CartLine, ...lines]
      }))
  })

const own = Layer.effect(
  Carts,
  Effect.map(Carts, (inner) => named("MINE", inner))
).pipe(Layer.provide(Memory.layer))

const skusIn = Effect.gen(function* () {
  const carts = yield* Carts
  yield* carts.put(ann, [cup])
  return (yield* carts.get(ann)).lines.map(({ sku }): string => sku)
})

const failureOf = (ports: Plugs) => {
  const { layer } = over(ports)
  return Effect.flip(Effect.provide(skusIn, layer)) as Effect.Effect<PluginFailed>
}

describe("a plugged port", () => {
  it.effect("is served by the user's layer, and the store's own one is not built", () =>
    Effect.gen(function* () {
      const { layer, notes } = over({ carts: own })
      assert.deepStrictEqual(yield* Effect.provide(skusIn, layer), ["MINE", "CUP"])
      assert.notInclude(notes, "own carts")
      assert.include(notes, "own orders")
    })
  )

  it.effect("can wrap the store's own layer", () =>
    Effect.gen(function* () {
      const { layer, notes } = over({
        carts: (inner) =>
          Layer.effect(
            Carts,
            Effect.map(Carts, (carts) => named("WRAPPED", carts))
          ).pipe(Layer.provide(inner))
      })
      assert.deepStrictEqual(yield* Effect.provide(skusIn, layer), ["WRAPPED", "CUP"])
      assert.include(notes, "own carts")
    })
  )

  it.effect("may ask for other ports, and gets the plugged one where that is written above", () =>
    Effect.gen(function* () {
      const provider = Layer.effect(
        PaymentProvider,
        Effect.gen(function* () {
          yield* Orders
          const { lines } = yield* (yield* Carts).get(ann).pipe(Effect.orDie)
          const sandbox = Context.get(yield* Layer.build(sandboxAlone), PaymentProvider)
          return { ...sandbox, name: lines.map(({ sku }) => sku).join() || "nothing" }
        })
      )
      const name = Effect.map(PaymentProvider, (it) => it.name)
      const plugged = over({ carts: own, paymentProvider: provider })
      assert.strictEqual(yield* Effect.provide(name, plugged.layer), "MINE")
      const unplugged = over({ paymentProvider: provider })
      assert.strictEqual(yield* Effect.provide(name, unplugged.layer), "nothing")
      const below = over({ paymentProvider: provider, carts: own })
      const error = yield* Effect.flip(Effect.provide(name, below.layer))
      assert.strictEqual(
        error.message,
        `${file}: ports.paymentProvider could not be built: it asks for the port carts, ` +
          "which is plugged below it: write carts above paymentProvider"
      )
    })
  )

  it.effect("replaces that port alone, whatever else its layer gives", () =>
    Effect.gen(function* () {
      const greedy = Layer.merge(
        Memory.layer,
        Layer.succeed(Carts, named("LEAKED", {} as (typeof Carts)["Service"]))
      )
      const { layer } = over({ catalog: greedy })
      assert.deepStrictEqual(yield* Effect.provide(skusIn, layer), ["CUP"])
    })
  )
})

describe("a layer that cannot be built is named with its file and its reason", () => {
  const nothing = Layer.empty as unknown as typeof own
  const stranger = Context.Service<"Stranger", number>("shop/Stranger")
  const cases: ReadonlyArray<readonly [string, Plugs["carts"], string]> = [
    ["it fails", Layer.effect(Carts, Effect.fail(new Error("no route"))), "no route"],
    ["it fails without an Error", Layer.effect(Carts, Effect.fail("no route")), "no route"],
    ["it throws", Layer.sync(Carts, () => JSON.parse("{")), "Expected property name"],
    ["its function throws", () => JSON.parse("{"), "Expected property name"],
    ["its function gives no layer", (() => 1) as never, "the function gave no Layer"],
    ["it does not give the port", nothing, "the layer does not give the port carts"],
    [
      "it asks for what is no port",
      Layer.effect(
        Carts,
        Effect.flatMap(stranger, () => Effect.never)
      ) as never,
      "it asks for shop/Stranger, which no port gives"
    ]
  ]
  it.effect.each(cases)("%s", ([, carts, reason]) =>
    Effect.gen(function* () {
      const error = yield* failureOf({ carts: carts as typeof own })
      assert.strictEqual(error._tag, "PluginFailed")
      assert.include(error.message, `${file}: ports.carts could not be built: ${reason}`)
    })
  )
})

describe("what runs beside a port's own layer", () => {
  const ran = (ports: Plugs) => {
    const { notes, own } = ownPorts()
    const plugins = { file, ports }
    const layer = beside(own, plugins).pipe(Layer.provide(assemble(own, plugins)))
    return Effect.as(Effect.scoped(Layer.build(layer)), notes)
  }
  it.effect("runs beside that layer, wrapped or not, and beside no other", () =>
    Effect.gen(function* () {
      const note = "beside own paymentProvider"
      assert.include(yield* ran({}), note)
      assert.include(yield* ran({ paymentProvider: (inner) => inner }), note)
      assert.notInclude(yield* ran({ paymentProvider: sandboxAlone }), note)
    })
  )
})

it("each port is told with what serves it", () => {
  const plugged = { file, ports: { carts: own, orders: (inner: Layer.Layer<Orders>) => inner } }
  const ports = served(ownPorts().own, plugged)
  assert.deepInclude(ports, { name: "carts", by: file, plugged: true, around: null })
  assert.deepInclude(ports, { name: "orders", by: file, plugged: true, around: "memory" })
  assert.deepInclude(ports, { name: "sagas", by: "memory", plugged: false, around: null })
})

describe("a port that only a server needs", () => {
  const sessions = Sessions.of({ end: () => Effect.void, isEnded: () => true })
  const isEnded = Effect.map(Sessions, (it) => it.isEnded("any"))
  const asked = (ports: Plugs) => {
    const { own } = ownPorts()
    const plugins = { file, ports }
    const layer = serverPort(own, plugins, "sessions")
    return Effect.provide(isEnded, Layer.provide(layer, assemble(own, plugins)))
  }
  it.effect("is served by the user's layer, over the ports of the store", () =>
    Effect.gen(function* () {
      const overCarts = Layer.effect(Sessions, Effect.as(Carts, sessions))
      assert.isTrue(yield* asked({ sessions: overCarts, carts: own }))
      const error = yield* Effect.flip(
        asked({ sessions: Layer.effect(Sessions, Effect.fail("closed")) })
      )
      assert.include((error as PluginFailed).message, "ports.sessions could not be built: closed")
    })
  )
  it.effect("cannot be asked for by a port of the store", () =>
    Effect.gen(function* () {
      const overSessions = Layer.effect(
        Carts,
        Effect.flatMap(Sessions, () => Effect.never)
      )
      const error = yield* failureOf({ carts: overSessions as never })
      assert.include(error.message, "it asks for the port sessions, which only a server has")
    })
  )
})
