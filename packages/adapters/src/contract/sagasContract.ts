import type { Orders } from "@doorbuster/core/order/Orders"
import type { Sagas } from "@doorbuster/core/order/Sagas"
import type * as Layer from "effect/Layer"
import { canceling } from "./orders/canceling.ts"
import { answering, claiming } from "./orders/keys.ts"
import { closingSagas, fencingOrders, owning, parking } from "./orders/owning.ts"
import { suite } from "./suite.ts"

/**
 * What every `Sagas` promises, with the `Orders` of the same schema: idempotency keys row by row,
 * leases, take-overs and cancel requests.
 */
export const sagasContract = <E>(name: string, adapter: Layer.Layer<Sagas | Orders, E>): void =>
  suite(`Sagas contract: ${name}`, adapter, [
    claiming,
    answering,
    owning,
    parking,
    closingSagas,
    canceling,
    fencingOrders
  ])
