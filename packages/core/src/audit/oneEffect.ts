import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { StoredAnswer } from "../order/SagaRecord.ts"
import { equal, type OrderInvariant } from "./Invariant.ts"

/** What an answer under a key says of its order; refusals say nothing of one. */
const Told = Schema.fromJsonString(
  Schema.Struct({ order_id: Schema.String, external_ref: Schema.NullOr(Schema.String) })
)
const decode = Schema.decodeUnknownOption(Told)

const toldOf = ({ body }: StoredAnswer) => Option.toArray(decode(body))

/**
 * The order belongs to whoever placed it, and carries the reference that was answered. That no key
 * and no reference stands for two orders is seen over the whole book only.
 */
export const oneEffect: OrderInvariant = {
  name: "idempotency.one_effect",
  about: ({ order }) => order !== null,
  check: ({ answers, order, orderId, sagas }) => {
    if (order === null) return []
    const checkouts = sagas.filter(({ kind }) => kind === "checkout")
    return [
      ...checkouts.flatMap(({ account }) => equal(orderId, "account", order.account, account)),
      ...answers
        .flatMap(toldOf)
        .flatMap((told) => [
          ...equal(orderId, "order_id", orderId, told.order_id),
          ...equal(orderId, "external_ref", `${order.externalRef}`, `${told.external_ref}`)
        ])
    ]
  }
}
