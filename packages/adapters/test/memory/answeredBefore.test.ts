import { sagasContract } from "@doorbuster/adapters/contract/sagasContract"
import * as AnswerCacheMemory from "@doorbuster/adapters/memory/AnswerCacheMemory"
import { layer as storeLayer } from "@doorbuster/adapters/memory/memoryLayer"
import { AnswerCache } from "@doorbuster/core/edge/AnswerCache"
import { answeredBefore, layerSagas } from "@doorbuster/core/edge/answeredBefore"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { type Claim, Sagas } from "@doorbuster/core/order/Sagas"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const cached = layerSagas.pipe(Layer.provide(AnswerCacheMemory.layer))

sagasContract("memory, behind a cache of answers", Layer.provideMerge(cached, storeLayer))

const account = "buyer" as AccountId
const request = { account, key: "first", fingerprint: "digest" }
const answer = { status: 201, body: "{}" }

describe("a keyed request", () => {
  it.effect("is taken once, and its repetitions are answered without it", () =>
    Effect.gen(function* () {
      const cache = yield* AnswerCache
      let taken = 0
      const take = Effect.sync(() => {
        taken += 1
        return { answer, replayed: false }
      })
      const place = answeredBefore(cache, request)(take)
      assert.deepStrictEqual(yield* place, { answer, replayed: false })
      assert.deepStrictEqual(yield* place, { answer, replayed: true })
      assert.strictEqual(taken, 1)
      const other = answeredBefore(cache, { ...request, fingerprint: "another" })(take)
      assert.strictEqual((yield* Effect.flip(other))._tag, "IdempotencyKeyReused")
    }).pipe(Effect.provide(AnswerCacheMemory.layer))
  )

  it.effect("that was refused keeps nothing, and may succeed later", () =>
    Effect.gen(function* () {
      const once = answeredBefore(yield* AnswerCache, request)
      assert.strictEqual(yield* Effect.flip(once(Effect.fail("sold out"))), "sold out")
      const told = { answer, replayed: false }
      assert.deepStrictEqual(yield* once(Effect.succeed(told)), told)
    }).pipe(Effect.provide(AnswerCacheMemory.layer))
  )
})

/** A record that has answered one key, runs another, and counts how many keys it was asked for. */
const record = () => {
  const asked: Array<string> = []
  const claims: Record<string, Claim> = {
    first: { fingerprint: "digest", answer },
    running: { fingerprint: "digest", answer: null }
  }
  const layer = Layer.mock(Sagas)({
    claimsOf: (batch) =>
      Effect.sync(() => {
        asked.push(...batch.map(({ key }) => key))
        return batch.map(({ key }) => claims[key])
      })
  })
  return { asked, layer }
}

it.effect("only final answers are read from the cache the second time", () => {
  const { asked, layer } = record()
  return Effect.gen(function* () {
    const { claimsOf } = yield* Sagas
    const keys = ["running", "first", "free"].map((key) => ({ account, key }))
    for (let round = 0; round < 2; round += 1) {
      const claims = yield* claimsOf(keys)
      assert.deepStrictEqual(
        claims.map((claim) => claim?.answer),
        [null, answer, undefined]
      )
    }
    assert.deepStrictEqual(asked, ["running", "first", "free", "running", "free"])
  }).pipe(Effect.provide(cached.pipe(Layer.provide(layer))))
})
