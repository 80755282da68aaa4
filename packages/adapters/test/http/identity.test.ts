import { makeToken, readToken } from "@doorbuster/adapters/http/identity/GuestToken"
import { sameSecret } from "@doorbuster/adapters/http/identity/signing"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { sessionKey } from "./shop.ts"

const guest = { account: AccountId.make("guest-1"), expiresAt: 1000 }
const token = makeToken(sessionKey, guest)

describe("a guest's token", () => {
  it("names its account until it ends", () => {
    assert.deepStrictEqual(readToken(sessionKey, token, 999), Option.some(guest))
    assert.deepStrictEqual(readToken(sessionKey, token, 1000), Option.none())
  })

  it("is worth nothing under another key", () => {
    assert.deepStrictEqual(readToken(Redacted.make("another"), token, 0), Option.none())
  })

  it("is worth nothing when any character of it is changed", () => {
    for (let at = 0; at < token.length - 1; at++) {
      const other = token[at] === "A" ? "B" : "A"
      const damaged = token.slice(0, at) + other + token.slice(at + 1)
      assert.deepStrictEqual(readToken(sessionKey, damaged, 0), Option.none(), damaged)
    }
  })

  it("cannot be guessed, and no text breaks the reader", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `g.${text}`)
        ),
        (text) => {
          assert.deepStrictEqual(readToken(sessionKey, text, 0), Option.none())
        }
      )
    )
  })
})

describe("the staff token", () => {
  it("is the whole secret and nothing else", () => {
    const secret = Redacted.make("secret")
    assert.isTrue(sameSecret(secret, "secret"))
    for (const wrong of ["", "secre", "secrets", "Secret"])
      assert.isFalse(sameSecret(secret, wrong))
  })
})
