import { signatureHeader } from "@doorbuster/adapters/http/identity/WebhookSignature"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Payments } from "@doorbuster/core/payment/Payments"
import { namedUuid } from "@doorbuster/core/Uuid"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { assertProblem, openShop, type Shop, webhookSecret } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const now = () => Math.floor(Date.now() / 1000)
const capture = (paymentId: string, captureId: string, amount = 1000) => ({
  event_id: `evt_${captureId}`,
  type: "payment.captured",
  payment_id: paymentId,
  capture: {
    capture_id: captureId,
    amount,
    currency: "EUR",
    captured_at: "2026-11-11T00:00:00Z"
  }
})
const send = (raw: string, signature?: string) =>
  shop.call("POST", "/webhooks/payments", {
    raw,
    ...(signature !== undefined && { headers: { "stripe-signature": signature } })
  })
const signed = (message: unknown) => {
  const raw = JSON.stringify(message)
  return send(raw, signatureHeader(webhookSecret, now(), raw))
}
const moneyOf = (orderId: string) =>
  shop.inside(Payments.use((payments) => payments.ofOrder(orderId as OrderId)))

describe("messages of the payment provider", () => {
  const message = JSON.stringify({
    event_id: "evt_1",
    type: "payment.declined",
    payment_id: namedUuid("unknown")
  })

  it.each([
    ["missing", () => undefined],
    ["malformed", () => ""],
    ["malformed", () => "v1=00"],
    ["malformed", () => `t=${now()}`],
    ["malformed", () => `t=now,v1=00`],
    ["mismatch", () => `t=${now()},v1=00`],
    ["mismatch", () => signatureHeader(Redacted.make("another secret"), now(), message)],
    ["mismatch", () => signatureHeader(webhookSecret, now(), `${message} `)],
    ["stale", () => signatureHeader(webhookSecret, now() - 302, message)],
    ["stale", () => signatureHeader(webhookSecret, now() + 302, message)]
  ])("are refused when the signature is %s", async (reason, header) => {
    const refused = await send(message, header())
    assertProblem(refused, 400, "signature_invalid")
    assert.strictEqual(refused.json.reason, reason)
  })

  it("are taken with a fresh signature, one of several, on either side of our clock", async () => {
    const sign = (seconds: number) => signatureHeader(webhookSecret, seconds, message)
    const two = sign(now()).replace(",v1=", `,v0=ff,v1=${"0".repeat(64)},v1=`)
    for (const header of [sign(now()), sign(now() - 290), sign(now() + 290), two]) {
      const taken = await send(message, header)
      assert.deepStrictEqual([taken.status, taken.json], [200, { received: true }], taken.text)
    }
  })

  it("are read as strictly as every body", async () => {
    const raw = "{"
    const broken = await send(raw, signatureHeader(webhookSecret, now(), raw))
    assertProblem(broken, 400, "malformed_json")
    const id = namedUuid("p")
    assertProblem(await signed({ ...capture(id, "c"), more: 1 }), 422, "invalid_request")
    assertProblem(await signed({ ...capture(id, "c", 0.5) }), 422, "invalid_request")
    assertProblem(await signed({ ...capture(id, "c"), capture: undefined }), 422, "invalid_request")
  })

  it("may come twice: the money is booked once", async () => {
    const order = await shop.paidOrder(await shop.guest())
    const [payment] = (await moneyOf(order)).payments
    assert.strictEqual(payment?.state, "captured")
    const second = capture(payment?.paymentId ?? "", "second-capture")
    const replies = await Promise.all(Array.from({ length: 10 }, () => signed(second)))
    assert.isTrue(replies.every(({ status }) => status === 200))
    await shop.settled()
    const money = await moneyOf(order)
    // A second capture belongs to no order: it is booked apart and given back.
    assert.deepStrictEqual(
      money.payments.map(({ captured, refunded, unapplied }) => [captured, unapplied, refunded]),
      [[2000n, 1000n, 1000n]]
    )
  })

  it("are all refused by a store that shares no secret with a provider", async () => {
    await using deaf = await openShop({ webhookSecret: null })
    const header = signatureHeader(Redacted.make(""), now(), message)
    const refused = await deaf.call("POST", "/webhooks/payments", {
      raw: message,
      headers: { "stripe-signature": header }
    })
    assertProblem(refused, 400, "signature_invalid")
  })
})
