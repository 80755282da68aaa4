import { Carts } from "@doorbuster/core/cart/Carts"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { Caller } from "../identity/Caller.ts"
import { CartFull } from "../problem/errors.ts"

const linesMax = 1000

export const layer = HttpApiBuilder.group(
  Api,
  "cart",
  Effect.fnUntraced(function* (handlers) {
    const carts = yield* Carts
    return handlers
      .handle("get", () => Caller.use(({ account }) => carts.get(account)))
      .handle(
        "put",
        Effect.fnUntraced(function* ({ payload }) {
          const { account } = yield* Caller
          yield* carts.put(account, payload.lines)
          return payload
        })
      )
      .handle("clear", () => Caller.use(({ account }) => carts.delete(account)))
      .handle(
        "setLine",
        Effect.fnUntraced(function* ({ params: { sku }, payload: { quantity } }) {
          const { account } = yield* Caller
          const { lines } = yield* carts.get(account)
          if (lines.length >= linesMax && !lines.some((line) => line.sku === sku)) {
            return yield* new CartFull({ linesMax })
          }
          return yield* carts.setLine(account, { sku, quantity })
        })
      )
      .handle("removeLine", ({ params: { sku } }) =>
        Caller.use(({ account }) => carts.removeLine(account, sku))
      )
  })
)
