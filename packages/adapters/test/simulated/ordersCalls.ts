/** Statements of the orders with parameters as the adapter would send them, from a short form. */
import { textArray, timestampArray } from "@doorbuster/adapters/postgres/arrays"
import * as orders from "@doorbuster/adapters/postgres/orders/orderStatements"
import * as sagas from "@doorbuster/adapters/postgres/orders/sagaStatements"
import { plainArray, timestamp } from "@doorbuster/adapters/postgres/rows"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"

/** When everything happens that has no other time. */
export const noon = Date.parse("2026-11-27T12:00:00Z")

export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`

/** A checkout; its order has its id. */
export interface Checkout {
  readonly n: number
  readonly key?: string
  readonly fingerprint?: string
  readonly worker?: string
}

const account = "buyer"

export const open = (...checkouts: ReadonlyArray<Checkout>): Call => {
  const ids = plainArray(checkouts.map(({ n }) => id(n)))
  const each = (value: string) => textArray(checkouts.map(() => value))
  const times = timestampArray(checkouts.map(() => noon))
  return [
    sagas.open,
    [
      ...[ids, each("checkout"), ids, each(account)],
      textArray(checkouts.map(({ key }) => key ?? null)),
      textArray(checkouts.map(({ fingerprint }) => fingerprint ?? "print")),
      ...[each("{}"), textArray(checkouts.map(({ worker }) => worker ?? "worker"))],
      ...[times, times]
    ]
  ]
}

export const losers = (n: number, key: string): Call => [
  sagas.losers,
  [plainArray([id(n)]), textArray([account]), textArray([key])]
]

const ids = (ns: ReadonlyArray<number>) => plainArray(ns.map(id))

export const lockSagas = (...ns: ReadonlyArray<number>): Call => [sagas.lock, [ids(ns)]]
export const lockFree = (limit: number, at = noon): Call => [sagas.lockFree, [timestamp(at), limit]]
export const claim = (worker: string, ...ns: ReadonlyArray<number>): Call => [
  sagas.claim,
  [worker, timestamp(noon), ids(ns)]
]
export const reclaim = (worker: string, ...running: ReadonlyArray<number>): Call => [
  sagas.reclaim,
  [worker, ids(running), timestamp(noon)]
]
export const lease = (worker: string, ttlMs: number): Call => [sagas.lease, [worker, ttlMs]]
export const handOver = (worker: string): Call => [sagas.handOver, [worker]]
export const park = (n: number, epoch: number): Call => [
  sagas.park,
  [id(n), epoch, "no answer", timestamp(noon + 60_000)]
]
export const saga = (n: number): Call => [sagas.find, [id(n)]]

/** Ends a saga as done: its key is answered, or freed if there is no answer. */
const closing = (n: number, key: string, answer: readonly [number, string] | null) => [
  ...[ids([n]), plainArray([1]), timestampArray([noon]), textArray(["done"]), textArray([null])],
  ...[textArray([account]), textArray([key]), ids([n])],
  ...[`{${answer?.[0] ?? "NULL"}}`, textArray([answer?.[1] ?? null])]
]

export const close = (...end: Parameters<typeof closing>): Call => [sagas.close, closing(...end)]

const none = (count: number) => Array.from({ length: count }, () => "{}")

/** An order without lines over 5 units of money. */
export const create = (n: number, externalRef: string | null, currency = "EUR"): Call => {
  const sums = [5, 0, 0, 0, 0, 5].map((sum) => plainArray([sum]))
  const times = timestampArray([noon])
  return [
    orders.create,
    [
      ...[ids([n]), textArray([account]), textArray([externalRef]), textArray([currency])],
      ...[plainArray([1]), ...sums, textArray(["{}"]), textArray([null]), times, times],
      ...none(17)
    ]
  ]
}

interface Moving {
  readonly n: number
  readonly event: string
  readonly from: string
  readonly to: string
  readonly seq?: number
  readonly refunded?: number
}

/** One move of an order by its own saga, which stays open. */
export const move = ({ event, from, n, refunded = 0, seq = 2, to }: Moving): Call => [
  orders.move,
  [
    ...[ids([n]), textArray([to]), plainArray([refunded]), plainArray([seq]), plainArray([1])],
    ...[timestampArray([noon]), textArray([event]), textArray([from]), ids([n])],
    ...none(19)
  ]
]

export const capture = (n: number): Call =>
  move({ n, event: "Capture", from: "pending_payment", to: "paid" })

export const order = (n: number): Call => [orders.find, [id(n)]]
export const lockOrders = (...ns: ReadonlyArray<number>): Call => [orders.lock, [ids(ns)]]
export const lockCheckout = (n: number): Call => [sagas.lockCheckout, [id(n)]]
export const requestCancel = (n: number): Call => [sagas.requestCancel, [id(n), null]]
