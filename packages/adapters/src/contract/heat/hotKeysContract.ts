import { type HotKey, HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshName } from "../fresh.ts"
import { type Promises, suite } from "../suite.ts"

const queued = (key: StockKey, since: number): HotKey => ({
  key,
  strategy: "queued",
  segments: 1,
  since
})

const freshKey = Effect.map(freshName("HOT"), (name) => name as StockKey)

/** What is listed of this key. */
const listed = (key: StockKey) =>
  Effect.gen(function* () {
    const { list } = yield* HotKeys
    return (yield* list).filter((hot) => hot.key === key)
  })

const tallied = (answers: ReadonlyArray<boolean>) => answers.filter((answer) => answer).length

const hotKeys: Promises<HotKeys> = {
  "lists what was enlisted, as it was given, until it is dismissed": Effect.gen(function* () {
    const store = yield* HotKeys
    const key = yield* freshKey
    const hot: HotKey = { key, strategy: "segmented", segments: 8, since: 1_700_000_000_123 }
    assert.deepStrictEqual(yield* listed(key), [])
    assert.isTrue(yield* store.enlist(hot))
    assert.deepStrictEqual(yield* listed(key), [hot])
    assert.isTrue(yield* store.dismiss(key))
    assert.deepStrictEqual(yield* listed(key), [])
  }),

  "keeps the first of two promotions of one key": Effect.gen(function* () {
    const store = yield* HotKeys
    const key = yield* freshKey
    assert.isTrue(yield* store.enlist(queued(key, 1000)))
    assert.isFalse(yield* store.enlist({ ...queued(key, 2000), strategy: "segmented" }))
    assert.deepStrictEqual(yield* listed(key), [queued(key, 1000)])
  }),

  "dismisses one key only, and is not troubled by one that is not listed": Effect.gen(function* () {
    const store = yield* HotKeys
    const [key, other] = [yield* freshKey, yield* freshKey]
    assert.isFalse(yield* store.dismiss(key))
    yield* store.enlist(queued(key, 1000))
    yield* store.enlist(queued(other, 1000))
    assert.isTrue(yield* store.dismiss(key))
    assert.deepStrictEqual(yield* listed(other), [queued(other, 1000)])
  }),

  "can list a key again": Effect.gen(function* () {
    const store = yield* HotKeys
    const key = yield* freshKey
    yield* store.enlist(queued(key, 1000))
    yield* store.dismiss(key)
    assert.isTrue(yield* store.enlist(queued(key, 3000)))
    assert.deepStrictEqual(yield* listed(key), [queued(key, 3000)])
  }),

  "tells one of many at once that it has enlisted, and one that it has dismissed": Effect.gen(
    function* () {
      const store = yield* HotKeys
      const key = yield* freshKey
      const all = { concurrency: "unbounded" } as const
      const times = Array.from({ length: 12 }, (_, i) => i)
      const enlisted = yield* Effect.forEach(times, (i) => store.enlist(queued(key, i)), all)
      assert.strictEqual(tallied(enlisted), 1)
      const dismissed = yield* Effect.forEach(times, () => store.dismiss(key), all)
      assert.strictEqual(tallied(dismissed), 1)
    }
  )
}

/** What every `HotKeys` promises. */
export const hotKeysContract = <E>(name: string, adapter: Layer.Layer<HotKeys, E>): void =>
  suite(`HotKeys contract: ${name}`, adapter, [hotKeys])
