import { Price } from "@doorbuster/core/catalog/PriceList"
import { Product } from "@doorbuster/core/catalog/Product"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { CatalogCopies, copyAgeMsMax } from "@doorbuster/core/edge/CatalogCopies"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Heard, RedisClient } from "./RedisClient.ts"
import { bySlot, chunked, slotConcurrency } from "./slots.ts"

const channel = "doorbuster:catalog:dropped"

/** Longer than a read of the catalogue takes, milliseconds. */
const guardMs = 5_000

/** More news than this is said in one word. */
const newsMax = 1_000

const Copy = Schema.fromJsonString(
  Schema.Struct({
    readAt: Schema.Int,
    entry: Schema.Struct({ product: Product, prices: Schema.Array(Price) })
  })
)
const decode = Schema.decodeUnknownOption(Copy)
const encode = Schema.encodeSync(Copy)

const News = Schema.fromJsonString(Schema.Union([Schema.Array(Sku), Schema.Literal("all")]))
const encodeNews = Schema.encodeSync(News)
const decodeNews = Schema.decodeUnknownOption(News)

const nameOf = (sku: Sku): string => `doorbuster:catalog:{${sku}}`

/**
 * KEYS: copies. ARGV: milliseconds. Leaves an empty copy behind for a while: whoever read the
 * catalogue before the change finds the place taken and keeps nothing.
 */
const dropScript = `
for i = 1, #KEYS do redis.call('SET', KEYS[i], '', 'PX', ARGV[1]) end
return #KEYS
`

const heardOf = (heard: Heard): ReadonlyArray<Sku> | "all" => {
  // After a message that cannot be read, as after a gap, anything may have changed.
  if (heard._tag === "Joined") return "all"
  return Option.getOrElse(decodeNews(heard.text), () => "all" as const)
}

/** Copies in Redis, and news over one of its channels. */
export const layer: Layer.Layer<CatalogCopies, never, RedisClient> = Layer.effect(
  CatalogCopies,
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const dropping = redis.script("catalog.drop", dropScript)
    return CatalogCopies.of({
      find: Effect.fnUntraced(
        function* (sku) {
          const text = yield* redis.command("catalog.find", (client) => client.get(nameOf(sku)))
          const copy = Option.getOrUndefined(decode(text))
          const oldest = (yield* Clock.currentTimeMillis) - copyAgeMsMax
          return copy !== undefined && copy.readAt > oldest ? copy : undefined
        },
        (found) => Effect.orElseSucceed(found, () => undefined)
      ),
      keep: Effect.fnUntraced(
        function* (copy) {
          const life = copy.readAt + copyAgeMsMax - (yield* Clock.currentTimeMillis)
          if (life <= 0) return
          const name = nameOf(copy.entry.product.sku)
          yield* redis.command("catalog.keep", (client) =>
            client.set(name, encode(copy), "PX", life, "NX")
          )
        },
        (kept) => Effect.ignore(kept)
      ),
      drop: Effect.fnUntraced(function* (skus) {
        const calls = bySlot(redis.isCluster, skus, nameOf).flatMap((group) =>
          chunked(group, newsMax)
        )
        yield* Effect.forEach(
          calls,
          (call) => Effect.ignore(dropping(call.map(nameOf), [guardMs])),
          { concurrency: slotConcurrency, discard: true }
        )
        const news = skus.length > newsMax ? ("all" as const) : skus
        yield* Effect.ignore(redis.publish(channel, encodeNews(news)))
      }),
      dropped: Stream.map(redis.subscribe(channel), heardOf)
    })
  })
)
