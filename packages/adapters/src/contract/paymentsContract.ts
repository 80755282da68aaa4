import type { Payments } from "@doorbuster/core/payment/Payments"
import type * as Layer from "effect/Layer"
import { applying, unapplied } from "./payments/capturing.ts"
import { canceling, creating, declining, fencing, sending } from "./payments/deciding.ts"
import { balancing, posting, recognising } from "./payments/keeping.ts"
import { intending, refunding } from "./payments/refunding.ts"
import { suite } from "./suite.ts"

/** What every `Payments` promises. */
export const paymentsContract = <E>(name: string, adapter: Layer.Layer<Payments, E>): void =>
  suite(`Payments contract: ${name}`, adapter, [
    creating,
    sending,
    declining,
    canceling,
    fencing,
    applying,
    unapplied,
    intending,
    refunding,
    recognising,
    posting,
    balancing
  ])
