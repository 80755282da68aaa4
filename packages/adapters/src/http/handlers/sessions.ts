import { randomUUID } from "node:crypto"
import { AccountId } from "@doorbuster/core/order/OrderId"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { makeToken } from "../identity/GuestToken.ts"
import { HttpSecrets } from "../identity/HttpSecrets.ts"
import { iso } from "../wire/Timestamp.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fnUntraced(function* (handlers) {
    const { sessionKey, sessionTtlMs } = yield* HttpSecrets
    return handlers.handle(
      "create",
      Effect.fnUntraced(function* () {
        const account = AccountId.make(`guest-${randomUUID()}`)
        const expiresAt = (yield* Clock.currentTimeMillis) + sessionTtlMs
        const token = makeToken(sessionKey, { account, expiresAt })
        return { token, account, expires_at: iso(expiresAt) }
      })
    )
  })
)
