import type { AccountId } from "@doorbuster/core/order/OrderId"
import { namedUuid, type Uuid } from "@doorbuster/core/Uuid"
import * as Schema from "effect/Schema"

/** The header that makes a write happen once, whatever happens to its answer. */
export const keyed = {
  "idempotency-key": Schema.String.check(
    Schema.isPattern(/^[!-~]{1,255}$/, { expected: "1 to 255 visible ASCII characters" })
  ).annotate({
    description:
      "Of your own making, new for each write. The same key with the same body has the same " +
      "answer, marked by `Idempotent-Replayed: true`; with another body it is refused."
  })
}

/** For writes whose own id makes them happen once: that id follows from account and key. */
export const idOf = (kind: string, account: AccountId, key: string): Uuid =>
  namedUuid(`${kind} ${account} ${key}`)
