/**
 * One store process that can die between any two effects. Every call that the process makes of a
 * port is counted; at the chosen one the process dies or loses an answer.
 */
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { PaymentProvider, ProviderOutcomeUnknown } from "@doorbuster/core/payment/PaymentProvider"
import { Payments } from "@doorbuster/core/payment/Payments"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/**
 * - `before`: the process dies before the effect.
 * - `after`: the effect happens and the process dies before it knows.
 * - `lost`: the effect happens, the answer is lost, and the process lives on.
 * - `paused`: the process stops before the effect and goes on when it is woken: a zombie.
 */
export const faultModes = ["before", "after", "lost", "paused"] as const
export type FaultMode = (typeof faultModes)[number]

/**
 * The how-manieth call of one name, counted from 1. Where time is real, calls of several fibers
 * come in another order each time: there a number among all calls does not name a call.
 */
export interface NthCall {
  readonly call: string
  readonly nth: number
}

export interface Fault<At extends number | NthCall = number | NthCall> {
  /** Which call of the process: its number among all of them, counted from 0, or its own. */
  readonly at: At
  readonly mode: FaultMode
}

type AnyEffect = Effect.Effect<unknown, unknown, never>

/** Calls that a living process makes all the time; crashing there says nothing about a saga. */
const background = new Set(["Sagas.lease", "Sagas.claim", "Sagas.reclaim", "Sagas.handOver"])

/** A process's own view of the ports. */
export class ProcessFaults {
  readonly #faults: ReadonlyArray<Fault>
  /** The names of the calls in their order. */
  readonly calls: Array<string> = []
  readonly #times = new Map<string, number>()
  #struck = 0
  #alive = true
  #wake: (() => void) | null = null

  /** With several faults it has to live through the earlier ones to meet the later ones. */
  constructor(...faults: ReadonlyArray<Fault | null>) {
    this.#faults = faults.filter((fault) => fault !== null)
  }

  /** Whether it came to all the calls at which it was to be hit. */
  get isStruck(): boolean {
    return this.#struck === this.#faults.length
  }

  get alive(): boolean {
    return this.#alive
  }

  get paused(): boolean {
    return this.#wake !== null
  }

  /** A paused process goes on where it stopped. */
  resume(): void {
    const wake = this.#wake
    this.#wake = null
    this.#alive = true
    wake?.()
  }

  kill(): void {
    this.#alive = false
  }

  readonly #died: AnyEffect = Effect.suspend(() => {
    this.#alive = false
    return Effect.never
  })

  /** Stops the whole process: whatever else it is doing waits as well. */
  readonly #stopped: Effect.Effect<void> = Effect.callback((resume) => {
    this.#alive = false
    this.#wake = () => resume(Effect.void)
  })

  /** Other fibers of a process that is dead or paused do not get on either. */
  readonly #unlessDead: Effect.Effect<void> = Effect.suspend(() =>
    this.#alive ? Effect.void : Effect.never
  )

  /** Counts the call; answers with what happens to it. */
  #count(name: string): FaultMode | undefined {
    const index = this.calls.push(name) - 1
    const nth = (this.#times.get(name) ?? 0) + 1
    this.#times.set(name, nth)
    const struck = this.#faults.find(({ at }) =>
      typeof at === "number" ? at === index : at.call === name && at.nth === nth
    )
    if (struck !== undefined) this.#struck++
    return struck?.mode
  }

  guard(name: string, effect: AnyEffect): AnyEffect {
    return Effect.suspend((): AnyEffect => {
      if (!this.#alive) return Effect.never
      if (background.has(name)) return Effect.tap(effect, () => this.#unlessDead)
      switch (this.#count(name)) {
        case undefined:
          return Effect.tap(effect, () => this.#unlessDead)
        case "before":
          return this.#died
        case "after":
          return Effect.andThen(Effect.exit(effect), this.#died)
        case "lost":
          return Effect.andThen(Effect.exit(effect), lostAnswer(name))
        case "paused":
          return Effect.andThen(this.#stopped, effect)
      }
    })
  }
}

const lostAnswer = (operation: string): AnyEffect =>
  operation.startsWith("PaymentProvider")
    ? Effect.fail(new ProviderOutcomeUnknown({ operation, detail: "the answer was lost" }))
    : Effect.fail(
        new StorageError({ operation, reason: "unavailable", detail: "the answer was lost" })
      )

/** The same service, each of its effects guarded. */
const guarded = <Service extends object>(
  process: ProcessFaults,
  name: string,
  service: Service
): Service =>
  Object.fromEntries(
    Object.entries(service).map(([method, value]: [string, unknown]) => {
      const label = `${name}.${method}`
      if (Effect.isEffect(value)) return [method, process.guard(label, value as AnyEffect)]
      if (typeof value !== "function") return [method, value]
      const call = value as (...inputs: ReadonlyArray<unknown>) => AnyEffect
      return [
        method,
        (...inputs: ReadonlyArray<unknown>) =>
          process.guard(
            label,
            Effect.suspend(() => call(...inputs))
          )
      ]
    })
  ) as Service

type Ports = Inventory | Orders | Sagas | Payments | PaymentProvider

/** The ports as this process reaches them. */
export const layer = (process: ProcessFaults): Layer.Layer<Ports, never, Ports> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const wrap = <Service extends object>(name: string, service: Service) =>
        guarded(process, name, service)
      return Context.make(Inventory, wrap("Inventory", yield* Inventory)).pipe(
        Context.add(Orders, wrap("Orders", yield* Orders)),
        Context.add(Sagas, wrap("Sagas", yield* Sagas)),
        Context.add(Payments, wrap("Payments", yield* Payments)),
        Context.add(PaymentProvider, wrap("PaymentProvider", yield* PaymentProvider))
      )
    })
  )
