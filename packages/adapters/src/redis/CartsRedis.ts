import { Cart, type CartLine, emptyCart } from "@doorbuster/core/cart/Cart"
import { Carts } from "@doorbuster/core/cart/Carts"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RedisClient } from "./RedisClient.ts"
import { unavailable } from "./RedisUnavailable.ts"

/** A cart that nobody looks at for so long is gone, milliseconds. */
const ttlMs = 30 * 24 * 60 * 60_000

const keyOf = (account: AccountId): string => `doorbuster:cart:{${account}}`

/**
 * KEYS: the cart. ARGV: milliseconds until it ends, a SKU, its quantity or nothing to remove its
 * line. Two tabs of one account change their cart one after the other, because a script runs
 * alone. An empty cart is no key: an empty table would become an object, not a list.
 */
const changeScript = `
local readable, lines = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '[]')
local kept, found = {}, false
for _, line in ipairs(readable and lines or {}) do
  if line.sku == ARGV[2] then
    found = true
    if ARGV[3] ~= '' then line.quantity = tonumber(ARGV[3]) else line = nil end
  end
  if line then kept[#kept + 1] = line end
end
if not found and ARGV[3] ~= '' then
  kept[#kept + 1] = { sku = ARGV[2], quantity = tonumber(ARGV[3]) }
end
if #kept == 0 then
  redis.call('DEL', KEYS[1])
  return '[]'
end
local text = cjson.encode(kept)
redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
return text
`

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Cart.fields.lines))

/** What cannot be read is no cart: the buyer fills another one. */
const cartOf = (text: unknown): Cart =>
  Option.match(decode(text), { onNone: () => emptyCart, onSome: (lines) => ({ lines }) })

/** Carts in Redis: they end by themselves, and a Redis that loses its data has lost carts. */
export const layer: Layer.Layer<Carts, never, RedisClient> = Layer.effect(
  Carts,
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const changing = redis.script("carts.change", changeScript)
    const change = (account: AccountId, sku: Sku, quantity: number | "") =>
      changing([keyOf(account)], [ttlMs, sku, quantity]).pipe(
        Effect.map(cartOf),
        Effect.mapError(unavailable)
      )
    const remove = (account: AccountId) =>
      redis.command("carts.delete", (client) => client.del(keyOf(account)))
    const put = (account: AccountId, lines: ReadonlyArray<CartLine>) =>
      redis.command("carts.put", (client) =>
        client.set(keyOf(account), JSON.stringify(lines), "PX", ttlMs)
      )
    return Carts.of({
      get: (account) =>
        redis
          .command("carts.get", (client) => client.getex(keyOf(account), "PX", ttlMs))
          .pipe(Effect.map(cartOf), Effect.mapError(unavailable)),
      put: (account, lines) =>
        (lines.length === 0
          ? Effect.asVoid(remove(account))
          : Effect.asVoid(put(account, lines))
        ).pipe(Effect.mapError(unavailable)),
      setLine: (account, { quantity, sku }) => change(account, sku, quantity),
      removeLine: (account, sku) => change(account, sku, ""),
      delete: (account) => Effect.asVoid(remove(account)).pipe(Effect.mapError(unavailable))
    })
  })
)
