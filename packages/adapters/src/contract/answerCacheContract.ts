import { AnswerCache, type FinalAnswer } from "@doorbuster/core/edge/AnswerCache"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshAccount, freshName } from "./fresh.ts"
import { type Promises, suite } from "./suite.ts"

const freshAnswer = Effect.gen(function* () {
  const answer: FinalAnswer = {
    account: yield* freshAccount,
    key: yield* freshName("key"),
    fingerprint: "digest",
    answer: { status: 201, body: '{"text":"a } and a {, a quote \\" and ünïcödé"}' }
  }
  return answer
})

const keyOf = ({ account, key }: FinalAnswer) => ({ account, key })

const cache: Promises<AnswerCache> = {
  "has found nothing where nothing was kept": Effect.gen(function* () {
    const { find, keep } = yield* AnswerCache
    assert.deepStrictEqual(yield* find([keyOf(yield* freshAnswer)]), [undefined])
    assert.deepStrictEqual(yield* find([]), [])
    yield* keep([])
  }),

  "gives answers back as they were kept, one for each key in their order": Effect.gen(function* () {
    const { find, keep } = yield* AnswerCache
    const [a, b, c] = [yield* freshAnswer, yield* freshAnswer, yield* freshAnswer]
    yield* keep([a, c])
    assert.deepStrictEqual(yield* find([c, b, a, c].map(keyOf)), [c, undefined, a, c])
  }),

  "knows equal keys of two accounts apart": Effect.gen(function* () {
    const { find, keep } = yield* AnswerCache
    const mine = yield* freshAnswer
    const theirs = { ...mine, account: yield* freshAccount, fingerprint: "another" }
    yield* keep([mine])
    assert.deepStrictEqual(yield* find([keyOf(theirs)]), [undefined])
    yield* keep([theirs])
    assert.deepStrictEqual(yield* find([keyOf(mine), keyOf(theirs)]), [mine, theirs])
  }),

  "does not keep an answer that is too large": Effect.gen(function* () {
    const { find, keep } = yield* AnswerCache
    const small = yield* freshAnswer
    const large = { ...(yield* freshAnswer), answer: { status: 201, body: "x".repeat(1_000_000) } }
    yield* keep([large, small])
    assert.deepStrictEqual(yield* find([keyOf(large), keyOf(small)]), [undefined, small])
  })
}

/** What every `AnswerCache` promises while it can be reached. */
export const answerCacheContract = <E>(name: string, adapter: Layer.Layer<AnswerCache, E>): void =>
  suite(`AnswerCache contract: ${name}`, adapter, [cache])
