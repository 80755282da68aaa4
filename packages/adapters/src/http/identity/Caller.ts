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
import { readToken } from "./GuestToken.ts"
import { HttpSecrets } from "./HttpSecrets.ts"
import { sameSecret } from "./signing.ts"

/** Who asks. */
export class Caller extends Context.Service<
  Caller,
  { readonly account: AccountId; readonly staff: boolean }
>()("@doorbuster/adapters/http/Caller") {}

const staff = Caller.of({ account: AccountId.make("staff"), staff: true })

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

const identify = ({ sessionKey, staffToken }: HttpSecrets["Service"]) =>
  Effect.fnUntraced(function* (credential: Redacted.Redacted) {
    const token = Redacted.value(credential)
    if (token === "") return yield* new Unauthorized()
    if (staffToken !== null && sameSecret(staffToken, token)) return staff
    const now = yield* Clock.currentTimeMillis
    const guest = readToken(sessionKey, token, now)
    if (Option.isNone(guest)) return yield* new Unauthorized()
    return Caller.of({ account: guest.value.account, staff: false })
  })

export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const identified = identify(yield* HttpSecrets)
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
