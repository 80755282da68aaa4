/** What becomes of requests, and of the books, when the past is retired behind them. */
import * as RetentionMemory from "@doorbuster/adapters/memory/RetentionMemory"
import * as RetentionPostgres from "@doorbuster/adapters/postgres/RetentionPostgres"
import { audit } from "@doorbuster/core/audit/audit"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { Retention } from "@doorbuster/core/retention/Retention"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Shop from "../../src/crash/Shop.ts"
import { memoryStore, postgresStore } from "../support/stores.ts"

type Services =
  | Extract<Layer.Success<typeof memoryStore>, Layer.Success<typeof postgresStore>>
  | Retention
type Store = Layer.Layer<Services, Layer.Error<typeof postgresStore>>

const stores: ReadonlyArray<readonly [name: string, store: Store]> = [
  ["memory", RetentionMemory.layer.pipe(Layer.provideMerge(memoryStore))],
  ["Postgres", RetentionPostgres.layer.pipe(Layer.provideMerge(postgresStore))]
]

const settled = Effect.gen(function* () {
  const sagas = yield* Sagas
  const open = sagas.list({ state: "open", limit: 1 })
  yield* Effect.repeat(Effect.delay(open, 20), { while: ({ length }) => length > 0 })
})

const judged = Effect.gen(function* () {
  const { captures } = yield* (yield* PaymentProvider).book
  const { invariants } = yield* audit({ captures, graceMs: 0 })
  assert.deepStrictEqual(
    invariants.filter(({ violations }) => violations.length > 0),
    []
  )
})

const idIn = (body: string) => (JSON.parse(body) as { readonly order_id: string }).order_id

describe.each(stores)("a request that comes again on %s", (_, store) => {
  it.live("is replayed within the retention and new after it, and the books agree", () =>
    Effect.gen(function* () {
      const [checkout, orders] = [yield* Checkout, yield* Orders]
      const { retire } = yield* Retention
      yield* Shop.open
      const request = Shop.order({ lines: Shop.order().lines.slice(0, 1) })
      const first = yield* checkout.place(request)
      yield* settled

      const before = yield* Clock.currentTimeMillis
      yield* retire({ openedBefore: before - 3_600_000, limit: 100 })
      const replayed = yield* checkout.place(request)
      assert.isTrue(replayed.replayed)
      assert.deepStrictEqual(replayed.answer, first.answer)

      const { keys } = yield* retire({ openedBefore: before + 1_000, limit: 100 })
      assert.strictEqual(keys, 1)
      yield* judged
      const second = yield* checkout.place(request)
      assert.isFalse(second.replayed)
      assert.notStrictEqual(idIn(second.answer.body), idIn(first.answer.body))
      yield* settled
      const states = (yield* orders.list({ limit: 10 })).map(({ state }) => state)
      assert.deepStrictEqual(states, ["paid", "paid"])
      yield* judged
    }).pipe(Effect.provide(store), Effect.scoped)
  )
})
