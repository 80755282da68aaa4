import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import { Sagas } from "@doorbuster/core/order/Sagas"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ports, worker } from "../layers.ts"
import type { Program } from "../Program.ts"
import { sagaJson, sagaListView, sagaView } from "../views/sagaView.ts"

export class UnknownSaga extends Schema.TaggedError<UnknownSaga>()("UnknownSaga", {
  sagaId: Schema.String
}) {
  override get message() {
    return `there is no saga ${this.sagaId}: \`store saga list\` shows those that are open`
  }
}

/** Nothing is left to be done again. */
export class SagaClosed extends Schema.TaggedError<SagaClosed>()("SagaClosed", {
  sagaId: Schema.String,
  state: Schema.String
}) {
  override get message() {
    return `saga ${this.sagaId} has ended (${this.state}): only open ones can be retried`
  }
}

export interface SagaListOptions {
  readonly state: SagaRecord["state"] | undefined
  readonly orderId: string | undefined
  readonly stuck: boolean
  readonly limit: number
}

export const listSagas =
  ({ limit, orderId, state, stuck }: SagaListOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const sagas = yield* (yield* Sagas).list({
        limit,
        ...(state !== undefined && { state }),
        ...(orderId !== undefined && { orderId: orderId as OrderId }),
        ...(stuck && { stuckAt: now })
      })
      const json = { sagas: sagas.map((saga) => sagaJson(saga, now)) }
      return { json, text: sagaListView(sagas, now) }
    }).pipe(Effect.provide(ports(configuration)))

const find = Effect.fnUntraced(function* (sagaId: string) {
  const saga = yield* (yield* Sagas).find(sagaId as Uuid)
  return saga ?? (yield* new UnknownSaga({ sagaId }))
})

export const showSaga =
  (sagaId: string): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const saga = yield* find(sagaId)
      return { json: sagaJson(saga, now), text: sagaView(saga, now) }
    }).pipe(Effect.provide(ports(configuration)))

const pollMs = 100

export interface RetryOptions {
  readonly sagaId: string
  /** How long its end is waited for. */
  readonly waitMs: number
}

/**
 * Makes a saga ready at once. This process is a worker as well, so it is taken up even where no
 * server runs; a server may be faster.
 */
export const retrySaga =
  ({ sagaId, waitMs }: RetryOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const sagas = yield* Sagas
      const before = yield* find(sagaId)
      const isReady = yield* sagas.retry(before.sagaId)
      if (!isReady) return yield* new SagaClosed({ sagaId, state: before.state })
      let saga = before
      for (let waited = 0; waited < waitMs && saga.state === "open"; waited += pollMs) {
        yield* Effect.sleep(pollMs)
        saga = yield* find(sagaId)
      }
      const now = yield* Clock.currentTimeMillis
      return { json: sagaJson(saga, now), text: sagaView(saga, now) }
    }).pipe(Effect.provide(worker(configuration)))
