/**
 * A guest's session without a row anywhere: `g.<payload>.<hmac>`, where the payload is the account
 * and its end in base64url JSON, signed by HMAC-SHA256.
 */
import { AccountId } from "@doorbuster/core/order/OrderId"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { sameDigest, sign } from "./signing.ts"

const prefix = "g"

const Payload = Schema.fromJsonString(Schema.Struct({ account: AccountId, expires_at: Schema.Int }))
export interface Guest {
  readonly account: AccountId
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const encode = Schema.encodeSync(Payload)
const decode = Schema.decodeUnknownOption(Payload)

export const makeToken = (key: Redacted.Redacted, { account, expiresAt }: Guest): string => {
  const json = encode({ account, expires_at: expiresAt })
  const signed = `${prefix}.${Buffer.from(json).toString("base64url")}`
  return `${signed}.${sign(key, signed).toString("base64url")}`
}

/** What a valid token is known by: enough of its signature that no two have the same. */
export const sessionOf = (token: string): string => token.slice(token.lastIndexOf(".") + 1, -16)

/** The guest whose token it is; none when it is forged, damaged or over. */
export const readToken = (
  key: Redacted.Redacted,
  token: string,
  nowMs: number
): Option.Option<Guest> => {
  const [kind, payload, signature, ...rest] = token.split(".")
  if (kind !== prefix || payload === undefined || signature === undefined || rest.length > 0) {
    return Option.none()
  }
  const expected = sign(key, `${kind}.${payload}`)
  if (!sameDigest(expected, Buffer.from(signature, "base64url"))) return Option.none()
  return decode(Buffer.from(payload, "base64url").toString()).pipe(
    Option.filter(({ expires_at }) => expires_at > nowMs),
    Option.map(({ account, expires_at }) => ({ account, expiresAt: expires_at }))
  )
}
