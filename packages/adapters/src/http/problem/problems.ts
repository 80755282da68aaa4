/** Every problem that the interface knows. */
import {
  CouponUsedUp,
  ExternalRefTaken,
  PriceChanged,
  PurchaseLimitReached,
  SoldOut
} from "@doorbuster/core/checkout/errors"
import { IllegalTransition } from "@doorbuster/core/order/OrderState"
import {
  AmountTooLarge,
  CouponInvalid,
  NoPrice,
  NotForSale,
  ShippingUnavailable,
  UnknownProduct
} from "@doorbuster/core/pricing/errors"
import { UnknownTicket } from "@doorbuster/core/queue/UnknownTicket"
import { RefundExceedsCaptured, RestockExceedsSold } from "@doorbuster/core/refund/errors"
import { StorageError } from "@doorbuster/core/StorageError"
import {
  IdempotencyInFlight,
  IdempotencyKeyReused,
  UnknownOrder
} from "@doorbuster/core/saga/errors"
import * as connection from "./connectionErrors.ts"
import * as errors from "./errors.ts"
import { opaqueProblem, type Problem, problem } from "./Problem.ts"

/** The reason stays in the log: it names hosts, tables and statements. */
const storage = opaqueProblem(StorageError, {
  code: "storage_unavailable",
  detail:
    "a store is busy or out of reach, and the outcome is not known; " +
    "send the same request again with the same key",
  decode: (detail) => new StorageError({ operation: "http", reason: "unavailable", detail })
})

const pricing = [
  problem(UnknownProduct),
  problem(NotForSale),
  problem(NoPrice),
  problem(ShippingUnavailable),
  problem(CouponInvalid, { code: "coupon" }),
  problem(AmountTooLarge)
] as const

const cartEmpty = problem(errors.CartEmpty)
const inFlight = problem(IdempotencyInFlight)
const keyReused = problem(IdempotencyKeyReused)
const keyRequired = problem(errors.IdempotencyKeyRequired)
const keyInvalid = problem(errors.IdempotencyKeyInvalid)
const unknownOrder = problem(UnknownOrder)
const illegal = problem(IllegalTransition)
const unknownProduct = pricing[0]

const keyed = [keyRequired, keyInvalid, inFlight, keyReused] as const

/** Which problems each kind of request can meet, besides those of every request. */
export const problems = {
  /** Whatever is asked for. */
  any: [
    problem(errors.MalformedJson),
    problem(errors.InvalidRequest),
    problem(errors.PayloadTooLarge),
    problem(errors.UnsupportedMediaType),
    problem(errors.InternalError),
    storage
  ],
  unrouted: [problem(errors.NotFound), problem(errors.MethodNotAllowed)],
  unparsed: [
    problem(connection.MalformedRequest),
    problem(connection.RequestTimeout),
    problem(connection.HeadersTooLarge)
  ],
  product: [problem(errors.NoSuchProduct)],
  cart: [problem(errors.CartFull)],
  quote: [...pricing, cartEmpty],
  checkout: [
    ...pricing,
    cartEmpty,
    ...keyed,
    problem(errors.StaffOnly),
    problem(SoldOut),
    problem(PurchaseLimitReached),
    problem(CouponUsedUp, { code: "coupon" }),
    problem(PriceChanged),
    problem(ExternalRefTaken)
  ],
  ticket: [problem(UnknownTicket)],
  order: [unknownOrder],
  cancel: [unknownOrder, illegal],
  shipment: [unknownOrder, illegal, ...keyed],
  refund: [
    unknownOrder,
    illegal,
    ...keyed,
    problem(RefundExceedsCaptured),
    problem(RestockExceedsSold)
  ],
  movement: [unknownProduct, problem(errors.StockTooLow), keyRequired, keyInvalid, keyReused],
  journal: [keyRequired, keyInvalid, keyReused],
  webhook: [problem(errors.SignatureInvalid)],
  ready: [problem(errors.NotReady)],
  unauthorized: [problem(errors.Unauthorized)],
  session: [problem(errors.NoSession)],
  staffArea: [problem(errors.Unauthorized), problem(errors.Forbidden)]
} as const

const byTag = new Map<string, Problem<never>>(
  Object.values(problems)
    .flat()
    .map((each) => [each.tag, each as unknown as Problem<never>])
)

/** The problem form of an error; undefined for what is no problem of ours. */
export const problemOf = (error: unknown): Problem<never> | undefined => {
  const tag = (error as { readonly _tag?: unknown } | null)?._tag
  return typeof tag === "string" ? byTag.get(tag) : undefined
}

type SchemasOf<List extends ReadonlyArray<{ readonly schema: unknown }>> = {
  readonly [I in keyof List]: List[I]["schema"]
}

/** The schemas of a list of problems, as an endpoint declares them. */
export const schemasOf = <const List extends ReadonlyArray<{ readonly schema: unknown }>>(
  list: List
) => list.map(({ schema }) => schema) as unknown as SchemasOf<List>
