/**
 * Time-ordered identifiers (UUID version 7, RFC 9562): new rows land beside each other in every
 * index. Time and chance come from Effect, so a seed repeats them.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"

export const Uuid = Schema.String.check(
  Schema.isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
).pipe(Schema.brand("Uuid"))
export type Uuid = typeof Uuid.Type

const hex = (value: number, digits: number): string =>
  Math.floor(value).toString(16).padStart(digits, "0")

/** A fresh UUIDv7. */
export const nextUuid: Effect.Effect<Uuid> = Effect.gen(function* () {
  const millis = yield* Clock.currentTimeMillis
  const random = yield* Random.Random
  const time = hex(millis, 12)
  const a = hex(random.nextDoubleUnsafe() * 0x1000, 3)
  const b = hex(0x8000 + random.nextDoubleUnsafe() * 0x4000, 4)
  const c = hex(random.nextDoubleUnsafe() * 0x1000000000000, 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${b}-${c}` as Uuid
})

const mask64 = (1n << 64n) - 1n

/** FNV-1a over UTF-16 code units, 64 bit. */
const fnv = (text: string, basis: bigint): bigint => {
  let hash = basis
  for (let i = 0; i < text.length; i++) {
    hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & mask64
  }
  return hash
}

/** The same name always has the same identifier (UUID version 8); for names of our own making. */
export const namedUuid = (name: string): Uuid => {
  const high = fnv(name, 0xcbf29ce484222325n).toString(16).padStart(16, "0")
  const low = fnv(`${name}\u0000${high}`, 0x84222325cbf29ce4n).toString(16).padStart(16, "0")
  const version = `8${high.slice(13)}`
  const variant = `8${low.slice(1, 4)}`
  return `${high.slice(0, 8)}-${high.slice(8, 12)}-${version}-${variant}-${low.slice(4)}` as Uuid
}
