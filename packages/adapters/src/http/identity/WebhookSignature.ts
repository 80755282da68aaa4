/** Signatures of the payment provider's messages: `t=<seconds>,v1=<hex>[,v1=<hex>]`. */
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { SignatureInvalid } from "../problem/errors.ts"
import { sameDigest, sign } from "./signing.ts"

/** A stamp further away than this, in either direction, is refused. */
export const toleranceSeconds = 300

const digestOf = (secret: Redacted.Redacted, seconds: string, body: string | Uint8Array) =>
  sign(secret, `${seconds}.`, body)

/** The header that belongs to a message sent at this moment. */
export const signatureHeader = (
  secret: Redacted.Redacted,
  epochSeconds: number,
  body: string | Uint8Array
): string => `t=${epochSeconds},v1=${digestOf(secret, String(epochSeconds), body).toString("hex")}`

const refused = (reason: SignatureInvalid["reason"]) =>
  Result.fail(new SignatureInvalid({ reason }))

interface Parts {
  readonly seconds: string
  readonly digests: ReadonlyArray<string>
}

/** Unknown schemes are skipped; several `v1` come while a secret is being changed. */
const parse = (header: string): Parts | undefined => {
  let seconds: string | undefined
  const digests: Array<string> = []
  for (const part of header.split(",")) {
    const at = part.indexOf("=")
    const name = part.slice(0, at).trim()
    const value = part.slice(at + 1).trim()
    if (name === "t") {
      if (seconds !== undefined) return undefined
      seconds = value
    } else if (name === "v1") {
      digests.push(value)
    }
  }
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds) || digests.length === 0) return undefined
  return { seconds, digests }
}

/** Succeeds when the body was signed with the secret, less than five minutes ago or ahead. */
export const verify = (
  secret: Redacted.Redacted,
  header: string | undefined,
  body: Uint8Array,
  nowMs: number
): Result.Result<void, SignatureInvalid> => {
  if (header === undefined) return refused("missing")
  const parts = parse(header)
  if (parts === undefined) return refused("malformed")
  const expected = digestOf(secret, parts.seconds, body)
  const matches = parts.digests.filter((hex) => sameDigest(expected, Buffer.from(hex, "hex")))
  if (matches.length === 0) return refused("mismatch")
  const ageSeconds = nowMs / 1000 - Number(parts.seconds)
  return Math.abs(ageSeconds) > toleranceSeconds ? refused("stale") : Result.succeed(undefined)
}
