import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { minor } from "@doorbuster/core/money/Minor"
import type { Order } from "@doorbuster/core/order/Order"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import { Orders } from "@doorbuster/core/order/Orders"
import type { RefundError } from "@doorbuster/core/refund/errors"
import type { RefundRequest } from "@doorbuster/core/refund/RefundRequest"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Asking } from "./Asking.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { Stage } from "./Stage.ts"
import type { Services } from "./StoreProcess.ts"

const account = "staff" as AccountId

type Act = "ship" | "deliver" | "refund"

/** Ships, delivers and refunds what the buyers have ordered; now and then the wrong thing. */
export class Staff {
  readonly #stage: Stage
  readonly #asking: Asking
  readonly #random: SeededRandom
  #keys = 0
  /** Goods of which it was told that they are on sale again, per order; `all` is all it had. */
  readonly restocked = new Map<OrderId, Array<RefundRequest["restock"]>>()
  /** What was told of refunds, per order, minor units. */
  readonly refunded = new Map<OrderId, bigint>()
  readonly shipped = new Set<OrderId>()
  readonly delivered = new Set<OrderId>()

  constructor(stage: Stage, asking: Asking) {
    this.#stage = stage
    this.#asking = asking
    this.#random = stage.random.fork("staff")
  }

  /** Looks at some orders of each state and does what is due. */
  readonly round = Effect.fnUntraced(function* (this: Staff) {
    yield* this.#sweep("paid", 64)
    yield* this.#sweep("shipped", 64)
    if (this.#stage.faults.areOver) return
    const others = ["completed", "pending_payment", "canceled", "refunded"] as const
    yield* this.#sweep(this.#random.pick(others), 8)
  }).bind(this)

  readonly #sweep = Effect.fnUntraced(function* (this: Staff, state: OrderState, limit: number) {
    const ending = yield* this.#asking.once("list", (services) =>
      Context.get(services, Orders).list({ state, limit })
    )
    if (ending._tag !== "Taken") return
    yield* Effect.forEach(ending.value, (order) => this.#work(order), {
      concurrency: 16,
      discard: true
    })
  }).bind(this)

  readonly #work = Effect.fnUntraced(function* (this: Staff, order: Order) {
    const { faults } = this.#stage
    const random = this.#random
    const due = order.state === "paid" ? "ship" : order.state === "shipped" ? "deliver" : null
    if (faults.areOver) {
      if (due !== null) yield* this.#fulfill(order.orderId, due)
      return
    }
    const isReturn = order.state !== "pending_payment" && faults.happens("return_goods", "staff")
    if (isReturn) return yield* this.#refund(order, this.#wish(order))
    if (due !== null && random.chance(0.9)) return yield* this.#fulfill(order.orderId, due)
    if (!random.chance(0.3)) return
    // Somebody presses the wrong button, or takes the wrong order.
    const isStrange = random.chance(0.05)
    const orderId = isStrange ? (namedUuid(`nothing ${this.#keys}`) as OrderId) : order.orderId
    const act = random.pick<Act>(["ship", "deliver", "refund"])
    if (act !== "refund") return yield* this.#fulfill(orderId, act)
    yield* this.#refund({ ...order, orderId }, this.#wish(order))
  }).bind(this)

  /** All of it, a part of the money, some of the goods, or more than there is. */
  #wish(order: Order): Pick<RefundRequest, "amount" | "restock"> {
    const random = this.#random
    const line = random.pick(order.lines)
    const lot = random.next()
    const some = [{ sku: line.sku as Sku, quantity: 1 }]
    if (lot < 0.4) return { amount: null, restock: "all" }
    if (lot < 0.5) return { amount: minor(order.total + 1n), restock: [] }
    if (lot < 0.6) return { amount: null, restock: [{ sku: line.sku as Sku, quantity: 99 }] }
    const part = (order.total * BigInt(random.between(1, 60))) / 100n
    const amount = minor(part > 0n ? part : 0n)
    return { amount, restock: line.kind === "stocked" && random.chance(0.5) ? some : [] }
  }

  readonly #fulfill = Effect.fnUntraced(function* (
    this: Staff,
    orderId: OrderId,
    act: Exclude<Act, "refund">
  ) {
    const key = this.#nextKey()
    const request = { orderId, account, key, fingerprint: key, occurredAt: null }
    const told = yield* this.#insist(act, (services) =>
      Context.get(services, Fulfillment)[act]({ ...request, carrier: "DHL", tracking: key })
    )
    if (told !== undefined) (act === "ship" ? this.shipped : this.delivered).add(orderId)
  }).bind(this)

  readonly #refund = Effect.fnUntraced(function* (
    this: Staff,
    { orderId }: Pick<Order, "orderId">,
    wish: Pick<RefundRequest, "amount" | "restock">
  ) {
    const key = this.#nextKey()
    const request = { orderId, account, key, fingerprint: key, occurredAt: null, ...wish }
    const told = yield* this.#insist("refund", (services) =>
      Context.get(services, Refunds).refund(request)
    )
    if (told === undefined) return
    const { amount } = JSON.parse(told.answer.body) as { readonly amount: number }
    this.refunded.set(orderId, (this.refunded.get(orderId) ?? 0n) + BigInt(amount))
    this.restocked.set(orderId, [...(this.restocked.get(orderId) ?? []), wish.restock])
  }).bind(this)

  #nextKey(): string {
    return `staff-${++this.#keys}`
  }

  /** Asks with one key until there is an answer; undefined where it is a refusal. */
  readonly #insist = Effect.fnUntraced(function* (
    this: Staff,
    act: Act,
    use: (services: Context.Context<Services>) => Effect.Effect<Told, RefundError>
  ) {
    const { clock, coverage } = this.#stage
    while (true) {
      const ending = yield* this.#asking.once(act, use)
      if (ending._tag === "Taken") return ending.value
      if (ending._tag === "Refused") {
        const { error } = ending
        if (error._tag === "IllegalTransition") coverage.transition(error.from, error.event)
        if (error._tag !== "StorageError" && error._tag !== "IdempotencyInFlight") return undefined
      }
      yield* clock.sleep(this.#random.between(500, 20_000))
    }
  }).bind(this)
}
