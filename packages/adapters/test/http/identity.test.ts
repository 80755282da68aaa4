import { makeToken, readToken, sessionOf } from "@doorbuster/adapters/http/identity/GuestToken"
import { sameSecret } from "@doorbuster/adapters/http/identity/signing"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { assertProblem, openShop, sessionKey, staffToken } from "./shop.ts"

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

describe("the end of a session", () => {
  it("takes its token's worth before its time, and nobody else's", async () => {
    await using shop = await openShop()
    const [ended, other] = [await shop.guest(), await shop.guest()]
    const end = await shop.call("DELETE", "/sessions", { token: ended })
    assert.deepStrictEqual([end.status, end.text], [204, ""])
    assertProblem(await shop.call("GET", "/cart", { token: ended }), 401, "unauthorized")
    assertProblem(await shop.call("DELETE", "/sessions", { token: ended }), 401, "unauthorized")
    assert.strictEqual((await shop.call("GET", "/cart", { token: other })).status, 200)
  })

  it("is asked for with a token of one's own, and staff has no session", async () => {
    await using shop = await openShop()
    assertProblem(await shop.call("DELETE", "/sessions"), 401, "unauthorized")
    const staff = await shop.call("DELETE", "/sessions", { token: staffToken })
    assertProblem(staff, 403, "no_session")
  })

  it("is known by its token alone", () => {
    const others = [1, 2].map((expiresAt) => makeToken(sessionKey, { ...guest, expiresAt }))
    const names = [token, ...others].map(sessionOf)
    assert.strictEqual(new Set(names).size, 3)
    for (const name of names) assert.isAtLeast(name.length, 22)
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
