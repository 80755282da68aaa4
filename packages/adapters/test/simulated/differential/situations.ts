/** Answers that a port's call might get, so that it goes on to write. */
import { ArrayParameter } from "@doorbuster/adapters/postgres/ArrayParameter"
import type { Database, Transaction } from "@doorbuster/adapters/postgres/Database"
import type { Row } from "@doorbuster/adapters/postgres/rows"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import * as Effect from "effect/Effect"
import { type Batch, type PortCall, perform } from "./Action.ts"
import { portsOver } from "./Ports.ts"

/** What a call is told of the world; made up, so it may be out of date as it may be in a race. */
export interface Situation {
  readonly strategy: string
  readonly version: number
  readonly orderState: string
  readonly lastSeq: number
  readonly key: string | null
  readonly paymentState: string
  readonly isRefundKnown: boolean
}

const elementsOf = (parameter: unknown): ReadonlyArray<string> =>
  typeof parameter === "string" || parameter instanceof ArrayParameter
    ? (`${parameter}`.match(/[^{}",]+/g) ?? [])
    : ((parameter as ReadonlyArray<string> | undefined) ?? [])

const paymentRow = (paymentId: string, orderId: string, state: string): Row => ({
  payment_id: paymentId,
  order_id: orderId,
  saga_epoch: 1,
  provider: "bank",
  currency: "EUR",
  amount: "1200",
  sales: "1000",
  discounts: "100",
  shipping: "100",
  tax: "200",
  state,
  decline_reason: state === "declined" ? "no money" : null,
  captured: state === "captured" ? "1200" : "0",
  unapplied: "0",
  intended: state === "captured" ? "400" : "0",
  refunded: "0",
  unapplied_refunded: "0",
  tax_refunded: "0",
  deferred: state === "captured" ? "1000" : "0"
})

type Answers = Readonly<
  Record<string, (parameters: ReadonlyArray<unknown>, told: Situation) => ReadonlyArray<Row>>
>

const aPayment = "00000000-0000-4000-8000-0000000000a1"
const anOrder = "00000000-0000-4000-8000-000000000001"

const choiceRow = (sku: string, strategy: string): Row => ({
  sku,
  strategy,
  segments: strategy === "segmented" ? 2 : 1
})

const inventoryAnswers: Answers = {
  inventory_strategies: (_, { strategy }) =>
    ["A", "B", "C", "coupon:X"].map((sku) => choiceRow(sku, strategy)),
  inventory_strategies_of: ([keys], { strategy }) =>
    elementsOf(keys).map((sku) => choiceRow(sku, strategy)),
  inventory_look: ([keys], { version }) =>
    elementsOf(keys).map((sku) => ({
      order_id: null,
      sku,
      segment: 0,
      available: 100,
      version
    })),
  inventory_lock: ([keys]) => elementsOf(keys).map(() => ({})),
  inventory_settle: ([verbs]) => [{ found_as: elementsOf(verbs).map(() => "held") }],
  inventory_levels: ([keys]) =>
    elementsOf(keys).map((sku) => ({ sku, segment: 0, received: 100, reserved: 0, sold: 0 })),
  inventory_reservations: ([orders, keys]) =>
    elementsOf(keys).map((sku, i) => ({
      sku,
      segment: 0,
      order_id: elementsOf(orders)[i],
      quantity: 3,
      returned: 0,
      state: "committed"
    }))
}

const orderAnswers: Answers = {
  "orders.sagas.losers": ([ids]) => elementsOf(ids).map(() => ({ opened: true })),
  "orders.sagas.lock": ([ids], { key }) =>
    elementsOf(ids).map((sagaId) => ({
      saga_id: sagaId,
      epoch: 1,
      state: "open",
      account: "ann",
      key,
      cancel_requested: false
    })),
  "orders.sagas.lock_free": () => [{ saga_id: anOrder }],
  "orders.orders.create_fresh": (_, { lastSeq }) => [{ is_fit: lastSeq === 1 }],
  "orders.orders.complete": ([ids], { lastSeq }) =>
    lastSeq > 1 ? [] : elementsOf(ids).map((orderId) => ({ order_id: orderId })),
  "orders.orders.lock": ([ids], { lastSeq, orderState }) =>
    elementsOf(ids).map((orderId) => ({
      order_id: orderId,
      state: orderState,
      saga_epoch: 1,
      last_seq: lastSeq,
      refunded_total: "0"
    })),
  "orders.orders.list": () => [],
  "orders.orders.find": () => []
}

const moneyAnswers: Answers = {
  "money.payments.lock": ([ids], { paymentState }) =>
    elementsOf(ids).map((paymentId) => paymentRow(paymentId, anOrder, paymentState)),
  "money.payments.lock_of_orders": ([orders]) =>
    elementsOf(orders).map((orderId) => paymentRow(aPayment, orderId, "captured")),
  "money.payments.lock_of_refunds": () => [paymentRow(aPayment, anOrder, "captured")],
  "money.refunds.find": ([ids], { isRefundKnown }) =>
    isRefundKnown
      ? elementsOf(ids).map((refundId) => ({
          refund_id: refundId,
          payment_id: aPayment,
          order_id: anOrder,
          amount: "100",
          source: "order",
          state: "intended"
        }))
      : []
}

const answers: Answers = { ...inventoryAnswers, ...orderAnswers, ...moneyAnswers }

/** The statements that the call sends when it is told so. */
export const statementsOf = (call: PortCall, told: Situation): ReadonlyArray<Batch> => {
  const batches: Array<Batch> = []
  const answer = ([{ name }, parameters = []]: Call) => answers[name]?.(parameters, told) ?? []
  const database: Database = {
    query: (_, statement, parameters) =>
      Effect.sync(() => {
        const sent: Call = [statement, parameters ?? []]
        batches.push({ flights: [[sent]], end: "one" })
        return answer(sent)
      }),
    transaction: (_, body) => {
      const flights: Array<ReadonlyArray<Call>> = []
      const place = batches.length
      batches.push({ flights, end: "commit" })
      const flight: Transaction["flight"] = (calls) => {
        flights.push(calls)
        return Effect.succeed(calls.map(answer))
      }
      const query: Transaction["query"] = (statement, parameters) =>
        Effect.map(flight([[statement, parameters ?? []]]), ([rows]) => rows ?? [])
      const finish: Transaction["finish"] = (statement, parameters) => {
        batches[place] = { flights, end: "finish" }
        return query(statement, parameters)
      }
      return body({ query, flight, finish, script: () => Effect.void })
    },
    read: () => Effect.die("not read")
  }
  Effect.runSyncExit(perform(portsOver(database), call))
  return batches.filter(({ flights }) => flights.length > 0)
}
