import { Sessions } from "@doorbuster/core/edge/Sessions"
import { AccountId } from "@doorbuster/core/order/OrderId"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { HttpApiMiddleware, HttpApiSecurity } from "../effectHttp.ts"
import { Forbidden, Unauthorized } from "../problem/errors.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { readToken, sessionOf } from "./GuestToken.ts"
import { HttpSecrets } from "./HttpSecrets.ts"
import { sameSecret } from "./signing.ts"

/** Who asks. */
export class Caller extends Context.Service<
  Caller,
  {
    readonly account: AccountId
    readonly staff: boolean
    /** Null for staff, whose token ends with the configuration that holds it. */
    readonly session: { readonly id: string; readonly expiresAt: number } | null
  }
>()("@doorbuster/adapters/http/Caller") {}

const staff = Caller.of({ account: AccountId.make("staff"), staff: true, session: null })

/** Whoever has a valid token: a guest, or staff. */
export class Authenticated extends HttpApiMiddleware.Service<Authenticated, { provides: Caller }>()(
  "@doorbuster/adapters/http/Authenticated",
  {
    security: { bearer: HttpApiSecurity.bearer },
    error: schemasOf(problems.unauthorized)
  }
) {}

/** Staff only. */
export class Staff extends HttpApiMiddleware.Service<Staff, { provides: Caller }>()(
  "@doorbuster/adapters/http/Staff",
  {
    security: { bearer: HttpApiSecurity.bearer },
    error: schemasOf(problems.staffArea)
  }
) {}

const identify = (
  { sessionKey, staffToken }: HttpSecrets["Service"],
  { isEnded }: Sessions["Service"]
) =>
  Effect.fnUntraced(function* (credential: Redacted.Redacted) {
    const token = Redacted.value(credential)
    if (token === "") return yield* new Unauthorized()
    if (staffToken !== null && sameSecret(staffToken, token)) return staff
    const now = yield* Clock.currentTimeMillis
    const guest = readToken(sessionKey, token, now)
    if (Option.isNone(guest)) return yield* new Unauthorized()
    const { account, expiresAt } = guest.value
    const session = { id: sessionOf(token), expiresAt }
    if (isEnded(session.id)) return yield* new Unauthorized()
    return Caller.of({ account, staff: false, session })
  })

export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const identified = identify(yield* HttpSecrets, yield* Sessions)
    return Context.make(
      Authenticated,
      Authenticated.of({
        bearer: (handler, { credential }) =>
          Effect.flatMap(identified(credential), (caller) =>
            Effect.provideService(handler, Caller, caller)
          )
      })
    ).pipe(
      Context.add(
        Staff,
        Staff.of({
          bearer: Effect.fnUntraced(function* (handler, { credential }) {
            const caller = yield* identified(credential)
            if (!caller.staff) return yield* new Forbidden()
            return yield* Effect.provideService(handler, Caller, caller)
          })
        })
      )
    )
  })
)
