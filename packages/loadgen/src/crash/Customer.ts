/** Whoever asks the shop for something, and remembers what was answered. */
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { RefundRequest } from "@doorbuster/core/refund/RefundRequest"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { CrashWorld, Services } from "./CrashWorld.ts"

export const staff = "staff" as AccountId

/** What can be asked for. */
export type Errand = "place" | "cancel" | "ship" | "deliver" | "refund"

type Answer = StoredAnswer | "taken"

type Send = (services: Context.Context<Services>) => Effect.Effect<Answer, { _tag: string }>

/** One request and all that was ever answered to it, in the order of the answers. */
export interface Asked {
  readonly errand: Errand
  readonly send: Send
  /** What was ordered, for orders. */
  readonly order: PlaceOrder | null
  readonly answers: Array<Answer>
  /** Refusals that are final, by their tags. */
  readonly refusals: Array<string>
}

/** How long an answer is waited for and between two tries; milliseconds. */
const patienceMs = 700

/** Somebody else is at it, or the store is down: worth another try. */
const passing = new Set(["StorageError", "IdempotencyInFlight"])

export const idOf = (answer: Answer | null): OrderId | null =>
  answer === null || answer === "taken"
    ? null
    : (JSON.parse(answer.body) as { order_id: OrderId }).order_id

const answerOf = (told: Told): Answer => told.answer

const work = (orderId: OrderId, key: string) => ({
  orderId,
  account: staff,
  key,
  fingerprint: key,
  occurredAt: null
})

export class Customer {
  readonly #world: CrashWorld
  /** Asks again, with the same key, until there is an answer. */
  readonly #insists: boolean
  readonly asked: Array<Asked> = []
  #waiting = 0

  constructor(world: CrashWorld, insists: boolean) {
    this.#world = world
    this.#insists = insists
  }

  /** Somebody who insists has no answer yet. */
  get isWaiting(): boolean {
    return this.#insists && this.#waiting > 0
  }

  /** Whether there was an answer to the last request of this kind. */
  wasTold(errand: Errand): boolean {
    return (this.asked.findLast((asked) => asked.errand === errand)?.answers.length ?? 0) > 0
  }

  /** One try: an answer, a final refusal, or null where it may be worth asking again. */
  tryOnce(asked: Asked, waitMs: number | null): Effect.Effect<Answer | string | null> {
    return Effect.gen({ self: this }, function* () {
      const process = this.#world.living()
      if (process === undefined) return null
      // Whoever hangs up does not stop the shop's work: a dead process never answers.
      const call = yield* Effect.forkDetach(Effect.result(asked.send(process.services)))
      const ended = Fiber.await(call)
      const exit = yield* waitMs === null
        ? Effect.asSome(ended)
        : Effect.timeoutOption(ended, waitMs)
      if (Option.isNone(exit) || exit.value._tag === "Failure") return null
      const result = exit.value.value
      if (result._tag === "Success") {
        asked.answers.push(result.success)
        return result.success
      }
      if (passing.has(result.failure._tag)) return null
      asked.refusals.push(result.failure._tag)
      return result.failure._tag
    })
  }

  /** The answer, or null where there is none. */
  #ask(errand: Errand, send: Send, order: PlaceOrder | null = null): Effect.Effect<Answer | null> {
    return Effect.gen({ self: this }, function* () {
      const asked: Asked = { errand, send, order, answers: [], refusals: [] }
      this.asked.push(asked)
      this.#waiting++
      let answer = yield* this.tryOnce(asked, this.#insists ? patienceMs : null)
      while (answer === null && this.#insists) {
        yield* Effect.sleep(patienceMs)
        answer = yield* this.tryOnce(asked, patienceMs)
      }
      this.#waiting--
      return asked.answers.at(-1) ?? null
    })
  }

  place(order: PlaceOrder): Effect.Effect<OrderId | null> {
    const send: Send = (services) =>
      Effect.map(Context.get(services, Checkout).place(order), answerOf)
    return Effect.map(this.#ask("place", send, order), idOf)
  }

  cancel(orderId: OrderId, account: AccountId) {
    return this.#ask("cancel", (services) =>
      Effect.as(Context.get(services, Checkout).cancel(orderId, account), "taken" as const)
    )
  }

  ship(orderId: OrderId) {
    const request = { ...work(orderId, "ship"), carrier: "Royal Mail", tracking: "RM1" }
    return this.#ask("ship", (services) =>
      Effect.map(Context.get(services, Fulfillment).ship(request), answerOf)
    )
  }

  deliver(orderId: OrderId) {
    const request = { ...work(orderId, "deliver"), carrier: null, tracking: null }
    return this.#ask("deliver", (services) =>
      Effect.map(Context.get(services, Fulfillment).deliver(request), answerOf)
    )
  }

  refund(orderId: OrderId, of: Pick<RefundRequest, "amount" | "restock">) {
    const request = { ...work(orderId, "refund"), ...of }
    return this.#ask("refund", (services) =>
      Effect.map(Context.get(services, Refunds).refund(request), answerOf)
    )
  }
}
