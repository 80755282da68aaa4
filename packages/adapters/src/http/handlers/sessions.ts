import { randomUUID } from "node:crypto"
import { Sessions } from "@doorbuster/core/edge/Sessions"
import { AccountId } from "@doorbuster/core/order/OrderId"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { Caller } from "../identity/Caller.ts"
import { makeToken } from "../identity/GuestToken.ts"
import { HttpSecrets } from "../identity/HttpSecrets.ts"
import { NoSession } from "../problem/errors.ts"
import { iso } from "../wire/Timestamp.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fnUntraced(function* (handlers) {
    const { sessionKey, sessionTtlMs } = yield* HttpSecrets
    const { end } = yield* Sessions
    return handlers
      .handle(
        "create",
        Effect.fnUntraced(function* () {
          const account = AccountId.make(`guest-${randomUUID()}`)
          const expiresAt = (yield* Clock.currentTimeMillis) + sessionTtlMs
          const token = makeToken(sessionKey, { account, expiresAt })
          return { token, account, expires_at: iso(expiresAt) }
        })
      )
      .handle(
        "end",
        Effect.fnUntraced(function* () {
          const { session } = yield* Caller
          if (session === null) return yield* new NoSession()
          yield* end(session.id, session.expiresAt)
        })
      )
  })
)
