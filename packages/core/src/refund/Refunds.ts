import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Writes } from "../batch/Writes.ts"
import type { Sku } from "../catalog/Sku.ts"
import { Inventory } from "../inventory/Inventory.ts"
import { ofSku, type StockKey } from "../inventory/StockKey.ts"
import { minor, zero } from "../money/Minor.ts"
import type { Order } from "../order/Order.ts"
import type { AccountId, OrderId } from "../order/OrderId.ts"
import { IllegalTransition, isPaid } from "../order/OrderState.ts"
import { Orders } from "../order/Orders.ts"
import { type OpenSaga, Sagas } from "../order/Sagas.ts"
import { PaymentProvider } from "../payment/PaymentProvider.ts"
import { Payments } from "../payment/Payments.ts"
import type { StorageError } from "../StorageError.ts"
import { UnknownOrder } from "../saga/errors.ts"
import {
  begun,
  launch,
  orAnswered,
  program,
  resumed,
  type Told,
  unreadable
} from "../saga/SagaContext.ts"
import { SagaRunner } from "../saga/SagaRunner.ts"
import { Settings } from "../saga/Settings.ts"
import { type Machinery, machinery } from "../saga/Step.ts"
import { namedUuid, nextUuid, type Uuid } from "../Uuid.ts"
import { type RefundError, RefundExceedsCaptured, RestockExceedsSold } from "./errors.ts"
import { planFromText, planToText, type RefundPlan } from "./RefundPlan.ts"
import type { RefundRequest, UnappliedReceipt } from "./RefundRequest.ts"
import { type RefundRun, refundSaga } from "./refundSaga.ts"

const system = "system" as AccountId

/** What a run knows before its first step. */
const fresh = (plan: RefundPlan) => ({
  plan,
  amount: zero,
  full: true,
  refundedTotal: zero,
  restocked: []
})

/** Gives money back, with or without the goods. */
export class Refunds extends Context.Service<
  Refunds,
  {
    /**
     * Partial refunds keep the order's state and add up; when nothing is left the order is
     * `refunded`. Answers once the order shows it.
     */
    readonly refund: (request: RefundRequest) => Effect.Effect<Told, RefundError>
    /** Gives a whole order back, units included; idempotent by the order. */
    readonly refundOrder: (orderId: OrderId, cause: string) => Effect.Effect<void, Machinery>
    /** Begins to give unapplied money back; idempotent by the capture. */
    readonly giveBackUnapplied: (receipt: UnappliedReceipt) => Effect.Effect<void, Machinery>
  }
>()("@doorbuster/core/refund/Refunds") {
  static readonly layer = Layer.effect(
    Refunds,
    Effect.gen(function* () {
      const writes = yield* Writes
      const orders = yield* Orders
      const sagas = yield* Sagas
      const payments = yield* Payments
      const inventory = yield* Inventory
      const provider = yield* PaymentProvider
      const runner = yield* SagaRunner
      const settings = yield* Settings
      const saga = refundSaga({ inventory, writes, provider })

      const sagaOf = Effect.fnUntraced(function* (
        request: Pick<RefundRequest, "orderId" | "account" | "fingerprint"> & {
          readonly key: string | null
          readonly sagaId: Uuid
        },
        plan: RefundPlan
      ) {
        const at = yield* Clock.currentTimeMillis
        const { account, fingerprint, key, orderId, sagaId } = request
        const kind = plan.source === "order" ? "refund" : "unapplied_refund"
        const payload = planToText(plan)
        const saga = { sagaId, kind, orderId, account, key, fingerprint, payload } as const
        return begun(saga, at, runner, settings)
      })

      /** What is out and may come back, per stock key. */
      const unitsOut = Effect.fnUntraced(function* (order: Order) {
        const skus = order.lines.filter((line) => line.kind === "stocked").map((l) => l.sku as Sku)
        const keys = [...new Set(skus)].map(ofSku)
        const out = new Map<StockKey, number>()
        for (const r of yield* inventory.reservations(order.orderId, keys)) {
          if (r.state !== "committed") continue
          out.set(r.key, (out.get(r.key) ?? 0) + r.quantity - r.returned)
        }
        return out
      })

      const restockLines = Effect.fnUntraced(function* (
        order: Order,
        wanted: RefundRequest["restock"]
      ) {
        if (wanted !== "all" && wanted.length === 0) return []
        const out = yield* unitsOut(order)
        const lines = new Map<StockKey, number>()
        if (wanted === "all") {
          for (const [key, quantity] of out) if (quantity > 0) lines.set(key, quantity)
        } else {
          for (const { quantity, sku } of wanted) {
            const key = ofSku(sku)
            const requested = (lines.get(key) ?? 0) + quantity
            const left = out.get(key) ?? 0
            if (requested > left) return yield* new RestockExceedsSold({ sku, requested, left })
            lines.set(key, requested)
          }
        }
        return [...lines]
          .map(([key, quantity]) => ({ key, quantity }))
          .sort((a, b) => (a.key < b.key ? -1 : 1))
      })

      /** The order's applied payment and what is left of it. */
      const payable = Effect.fnUntraced(function* (order: Order) {
        const { payments: all, refunds } = yield* payments.ofOrder(order.orderId)
        const payment = all.find((p) => p.state === "captured")
        if (payment === undefined) return { paymentId: null, left: zero }
        const asked = refunds.reduce((sum, r) => (r.source === "order" ? sum + r.amount : sum), 0n)
        const left = minor(payment.captured - payment.unapplied - asked)
        return { paymentId: payment.paymentId, left }
      })

      const plan = Effect.fnUntraced(function* (order: Order, request: RefundRequest) {
        const { left, paymentId } = yield* payable(order)
        const { amount } = request
        // A free order has no money to give back; another's may be on its way back already.
        if (paymentId === null ? amount !== null && amount > left : (amount ?? left) === zero) {
          return yield* new RefundExceedsCaptured({ requested: amount ?? order.total, left })
        }
        const now = yield* Clock.currentTimeMillis
        const result: RefundPlan = {
          paymentId,
          amount,
          source: "order",
          restock: yield* restockLines(order, request.restock),
          occurredAt: request.occurredAt ?? now
        }
        return result
      })

      /** All that can be refused before anything is written. */
      const prepare = Effect.fnUntraced(function* (request: RefundRequest) {
        const order = yield* orders.find(request.orderId)
        if (order === undefined) return yield* new UnknownOrder({ orderId: request.orderId })
        if (!isPaid(order.state)) {
          return yield* new IllegalTransition({ from: order.state, event: "Refund" })
        }
        return yield* plan(order, request)
      })

      const take = Effect.fnUntraced(function* (request: RefundRequest) {
        const prepared = yield* prepare(request)
        const told = Deferred.makeUnsafe<Told, RefundError | StorageError>()
        const sagaId = yield* nextUuid
        const run = {
          ...(yield* sagaOf({ ...request, sagaId }, prepared)),
          told,
          ...fresh(prepared)
        }
        return yield* launch(runner, saga, run, settings.patience)
      })

      const refund = (request: RefundRequest) => orAnswered(writes, request)(take(request))

      /**
       * A system's saga has the same id whoever begins it, and one plan: the stored one. Where
       * another process began it, it is that one's to run, or its heir's.
       */
      const begin = Effect.fnUntraced(function* (opening: OpenSaga) {
        yield* Effect.mapError(writes.open(opening), machinery)
        const record = yield* Effect.mapError(sagas.find(opening.sagaId), machinery)
        if (record?.state !== "open" || record.owner !== runner.worker) return
        yield* runner.resume(record)
      })

      const giveBackUnapplied = Effect.fnUntraced(function* (receipt: UnappliedReceipt) {
        const now = yield* Clock.currentTimeMillis
        const { amount, captureId, orderId, paymentId } = receipt
        const sagaId = namedUuid(`unapplied:${captureId}`)
        const request = { orderId, account: system, key: null, fingerprint: "", sagaId }
        const unapplied: RefundPlan = {
          paymentId,
          amount,
          source: "unapplied",
          restock: [],
          occurredAt: now
        }
        yield* begin(yield* sagaOf(request, unapplied))
      })

      const refundOrder = Effect.fnUntraced(function* (orderId: OrderId, cause: string) {
        const order = yield* Effect.mapError(orders.find(orderId), machinery)
        if (order === undefined || !isPaid(order.state)) return
        const sagaId = namedUuid(`${cause}:${orderId}`)
        const request = { orderId, account: system, key: null, fingerprint: "", sagaId }
        const whole: RefundRequest = {
          ...request,
          key: "",
          amount: null,
          restock: "all",
          occurredAt: order.occurredAt
        }
        const prepared = yield* plan(order, whole).pipe(
          Effect.catchTag("RefundExceedsCaptured", () => Effect.succeed(null)),
          Effect.mapError(machinery)
        )
        if (prepared === null) return
        yield* begin(yield* sagaOf(request, prepared))
      })

      const handler = Effect.fnUntraced(function* (record: Parameters<typeof resumed>[0]) {
        const plan = yield* Effect.mapError(planFromText(record.payload), unreadable)
        const run: RefundRun = { ...resumed(record), ...fresh(plan) }
        yield* program(saga, run, settings.patience)
      })
      yield* runner.register("refund", handler)
      yield* runner.register("unapplied_refund", handler)

      return Refunds.of({ refund, refundOrder, giveBackUnapplied })
    })
  )
}
