import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Writes } from "../batch/Writes.ts"
import type { AccountId, OrderId } from "../order/OrderId.ts"
import { Orders } from "../order/Orders.ts"
import type { SagaKind, SagaRecord } from "../order/SagaRecord.ts"
import { Payments } from "../payment/Payments.ts"
import { UnknownOrder } from "../saga/errors.ts"
import { begun, launch, program, resumed, type Told, unreadable } from "../saga/SagaContext.ts"
import { SagaRunner } from "../saga/SagaRunner.ts"
import { Settings } from "../saga/Settings.ts"
import { nextUuid } from "../Uuid.ts"
import { planFromText, planToText, type ShipmentPlan } from "./ShipmentPlan.ts"
import { type ShipmentError, type ShipmentRun, shipmentSaga } from "./shipmentSaga.ts"

export interface ShipmentRequest {
  readonly orderId: OrderId
  /** Who asks: scope of the key. */
  readonly account: AccountId
  readonly key: string
  readonly fingerprint: string
  readonly carrier: string | null
  readonly tracking: string | null
  /** Epoch milliseconds of the business event; null is now. */
  readonly occurredAt: number | null
}

/** Shipments: `paid` orders are shipped, `shipped` ones delivered. */
export class Fulfillment extends Context.Service<
  Fulfillment,
  {
    readonly ship: (request: ShipmentRequest) => Effect.Effect<Told, ShipmentError>
    readonly deliver: (request: ShipmentRequest) => Effect.Effect<Told, ShipmentError>
  }
>()("@doorbuster/core/fulfillment/Fulfillment") {
  static readonly layer = Layer.effect(
    Fulfillment,
    Effect.gen(function* () {
      const writes = yield* Writes
      const orders = yield* Orders
      const payments = yield* Payments
      const runner = yield* SagaRunner
      const settings = yield* Settings
      const saga = shipmentSaga({ writes, payments })

      const begin = Effect.fnUntraced(function* (kind: SagaKind, request: ShipmentRequest) {
        const { orderId } = request
        const [requested] = yield* orders.shipments(orderId)
        if (requested === undefined && (yield* orders.find(orderId)) === undefined) {
          return yield* new UnknownOrder({ orderId })
        }
        const at = yield* Clock.currentTimeMillis
        const plan: ShipmentPlan = {
          shipmentId: requested?.shipmentId ?? (yield* nextUuid),
          carrier: request.carrier,
          tracking: request.tracking,
          occurredAt: request.occurredAt ?? at
        }
        const { account, fingerprint, key } = request
        const sagaId = yield* nextUuid
        const payload = planToText(plan)
        const run: ShipmentRun = {
          ...begun(
            { sagaId, kind, orderId, account, key, fingerprint, payload },
            at,
            runner,
            settings
          ),
          told: Deferred.makeUnsafe(),
          plan
        }
        return yield* launch(runner, saga, run, settings.patience)
      })

      const handler = Effect.fnUntraced(function* (record: SagaRecord) {
        const plan = yield* Effect.mapError(planFromText(record.payload), unreadable)
        const run: ShipmentRun = { ...resumed(record), plan }
        yield* program(saga, run, settings.patience)
      })
      yield* runner.register("ship", handler)
      yield* runner.register("deliver", handler)

      return Fulfillment.of({
        ship: (request) => begin("ship", request),
        deliver: (request) => begin("deliver", request)
      })
    })
  )
}
