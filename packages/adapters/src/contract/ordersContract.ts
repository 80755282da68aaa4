import type { Orders } from "@doorbuster/core/order/Orders"
import type { Sagas } from "@doorbuster/core/order/Sagas"
import type * as Layer from "effect/Layer"
import { listing, making, referring } from "./orders/making.ts"
import { moving, shipping, table } from "./orders/moving.ts"
import { suite } from "./suite.ts"

/** What every `Orders` promises, with the `Sagas` of the same schema. */
export const ordersContract = <E>(name: string, adapter: Layer.Layer<Orders | Sagas, E>): void =>
  suite(`Orders contract: ${name}`, adapter, [making, referring, listing, table, moving, shipping])
