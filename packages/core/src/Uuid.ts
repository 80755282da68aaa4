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

const half = 0x1000000

/** Six digits of a whole number below 2^24: small integers are told in hex many times faster. */
const sixDigits = (value: number): string => (value + half).toString(16).slice(1)

/** Twelve digits of a whole number below 2^48. */
const twelveDigits = (value: number): string =>
  sixDigits(Math.floor(value / half)) + sixDigits(value % half)

/** A fresh UUIDv7. */
export const nextUuid: Effect.Effect<Uuid> = Effect.flatMap(Clock.currentTimeMillis, (millis) =>
  Effect.map(Random.Random, (random) => {
    const time = twelveDigits(millis)
    const a = Math.floor(random.nextDoubleUnsafe() * 0x1000)
    const b = Math.floor(random.nextDoubleUnsafe() * 0x4000)
    const c = twelveDigits(Math.floor(random.nextDoubleUnsafe() * 0x1000000000000))
    const kind = (0x7000 + a).toString(16)
    const variant = (0x8000 + b).toString(16)
    return `${time.slice(0, 8)}-${time.slice(8)}-${kind}-${variant}-${c}` as Uuid
  })
)

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
