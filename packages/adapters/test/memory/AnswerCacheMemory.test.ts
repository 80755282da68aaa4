import { answerCacheContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/AnswerCacheMemory"
import { answerTtlMs, RecentAnswers } from "@doorbuster/adapters/memory/RecentAnswers"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, describe, it } from "@effect/vitest"

answerCacheContract("memory", layer)

describe("the answers of a process", () => {
  const answerTo = (key: string) => ({
    account: "buyer" as AccountId,
    key,
    fingerprint: "digest",
    answer: { status: 201, body: "{}" }
  })

  it("are forgotten after an hour", () => {
    const recent = new RecentAnswers()
    const answer = answerTo("a")
    recent.put(answer, 0)
    assert.strictEqual(recent.get(answer, answerTtlMs - 1), answer)
    assert.strictEqual(recent.get(answer, answerTtlMs), undefined)
  })

  it("are the last ten thousand", () => {
    const recent = new RecentAnswers()
    for (let i = 0; i <= 10_000; i += 1) recent.put(answerTo(`${i}`), 0)
    assert.strictEqual(recent.get(answerTo("0"), 0), undefined)
    assert.isDefined(recent.get(answerTo("1"), 0))
    assert.isDefined(recent.get(answerTo("10000"), 0))
  })
})
