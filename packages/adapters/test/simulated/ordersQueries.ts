import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderQuery } from "@doorbuster/core/order/Orders"
import type { SagaQuery } from "@doorbuster/core/order/Sagas"

/** Every combination of the entries: each is there or not. */
const combinations = <A extends object>(entries: A): ReadonlyArray<Partial<A>> =>
  Object.entries(entries).reduce<ReadonlyArray<Partial<A>>>(
    (found, [name, value]) => found.flatMap((some) => [some, { ...some, [name]: value }]),
    [{}]
  )

export const middle = "00000000-0000-4000-8000-000000000010" as OrderId
export const limit = 3

/** All kinds of lists that the store may ask for. */
export const orderQueries: ReadonlyArray<OrderQuery> = combinations({
  account: "one" as AccountId,
  externalRef: "ref",
  state: "paid" as const,
  before: middle
}).map((query) => ({ ...query, limit }))

export const sagaQueries: ReadonlyArray<SagaQuery> = combinations({
  state: "open" as const,
  orderId: middle,
  stuckAt: 50
}).map((query) => ({ ...query, limit }))
