import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import * as Redacted from "effect/Redacted"

export const sign = (key: Redacted.Redacted, ...parts: ReadonlyArray<string | Uint8Array>) => {
  const hmac = createHmac("sha256", Redacted.value(key))
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

/** Takes as long for a wrong digest as for the right one. */
export const sameDigest = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && timingSafeEqual(left, right)

const digest = (text: string) => createHash("sha256").update(text).digest()

/** Compares digests, so that neither the text nor its length shows in the time it takes. */
export const sameSecret = (secret: Redacted.Redacted, given: string): boolean =>
  sameDigest(digest(Redacted.value(secret)), digest(given))
