/** A shop in which processes can be started, killed, paused and recovered. */
import * as Faults from "@doorbuster/adapters/faults/ProcessFaults"
import type { SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import { SandboxEvents } from "@doorbuster/adapters/payments/SandboxProvider"
import type { Checkout } from "@doorbuster/core/checkout/Checkout"
import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import type { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { PaymentProvider, type ProviderEvent } from "@doorbuster/core/payment/PaymentProvider"
import type { Refunds } from "@doorbuster/core/refund/Refunds"
import * as StoreCore from "@doorbuster/core/StoreCore"
import type { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { Settings } from "@doorbuster/core/saga/Settings"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Courier } from "./Courier.ts"
import type { Ground, Outside } from "./Ground.ts"
import * as Shop from "./Shop.ts"
import { type Whims, WilfulBook } from "./WilfulBook.ts"

/** What a store process offers. */
export type Services = Checkout | PaymentEvents | Fulfillment | Refunds | SagaRunner

export interface Process {
  readonly faults: Faults.ProcessFaults
  readonly services: Context.Context<Services>
}

type Provider = (typeof PaymentProvider)["Service"]

export interface WorldOptions {
  readonly sandbox: SandboxOptions
  readonly whims?: Whims
  /** What the shop sees of its provider; the provider itself when absent. */
  readonly provider?: (sandbox: Provider) => Provider
}

/** What outlives every process: the stores, the provider and its messages. */
export interface CrashWorld {
  readonly ground: Ground
  readonly outside: Context.Context<Outside>
  readonly book: WilfulBook
  readonly courier: Courier
  /** Starts a process; it lives until it is killed, or the scope closes. */
  readonly start: (faults: Faults.ProcessFaults) => Effect.Effect<Process, never, Scope.Scope>
  /** The youngest process that is alive. */
  readonly living: () => Process | undefined
}

export const makeWorld = Effect.fnUntraced(function* (
  ground: Ground,
  { provider = (same) => same, sandbox, whims = {} }: WorldOptions
) {
  const book = new WilfulBook(whims)
  const reach = Effect.map(ground.reach(sandbox, book), (ports) =>
    Context.add(ports, PaymentProvider, provider(Context.get(ports, PaymentProvider)))
  )
  const outside = yield* reach
  yield* Effect.orDie(Effect.provideContext(Shop.open, outside))

  const processes: Array<Process> = []
  const living = () => processes.findLast(({ faults }) => faults.alive)
  const webhook = () => {
    const process = living()
    if (process === undefined) return undefined
    const { receive } = Context.get(process.services, PaymentEvents)
    return (event: ProviderEvent) => process.faults.guard("PaymentEvents.receive", receive(event))
  }
  const courier = new Courier(webhook, Context.get(outside, SandboxEvents))

  const start = Effect.fnUntraced(function* (faults: Faults.ProcessFaults) {
    const own = yield* reach
    const ports = Faults.layer(faults).pipe(
      Layer.provideMerge(Layer.succeedContext(own)),
      Layer.provideMerge(Layer.succeed(Settings, ground.settings))
    )
    // Nobody ever closes it in order: a killed process does nothing more, not even at its end.
    yield* Effect.addFinalizer(() => Effect.sync(() => faults.kill()))
    const core = StoreCore.layerWorker.pipe(Layer.provide(ports))
    const services = yield* Layer.buildWithScope(core, yield* Scope.make())
    const process: Process = { faults, services }
    processes.push(process)
    yield* courier.serve(Context.get(own, SandboxEvents))
    return process
  })

  return { ground, outside, book, courier, start, living } satisfies CrashWorld
})

/** Steps in which the world is looked at while it comes to rest, per look of a worker. */
const looks = 2

/**
 * Lets time pass until no saga is open, no message is under way and nobody waits, or until every
 * deadline is long over. Answers whether the world has come to rest. It stops looking as soon as
 * `isEnough` says so: up to there everything happens as it would without.
 */
export const settle = Effect.fnUntraced(function* (
  { courier, ground, outside }: Pick<CrashWorld, "courier" | "ground" | "outside">,
  isWaiting: () => boolean = () => false,
  isEnough: () => boolean = () => false
) {
  const sagas = Context.get(outside, Sagas)
  const { pollMs, sagaDeadlineMs } = ground.settings
  const stepMs = pollMs / looks
  for (let waitedMs = 0; waitedMs < 1.5 * sagaDeadlineMs; waitedMs += stepMs) {
    yield* Effect.sleep(stepMs)
    if (isEnough()) return false
    if (waitedMs < 2 * pollMs || courier.underWay > 0 || isWaiting()) continue
    const open = yield* Effect.orDie(sagas.list({ state: "open", limit: 1 }))
    if (open.length === 0) return true
  }
  return false
})
