import { LevelMirror } from "@doorbuster/adapters/redis/LevelMirror"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, it } from "@effect/vitest"

const [mug, lamp] = ["MUG" as StockKey, "LAMP" as StockKey]

it("what was heard is believed for five seconds, and then nothing is known", () => {
  let now = 0
  const mirror = new LevelMirror(() => now)
  mirror.hear(mug, 0)
  now = 4_999
  assert.strictEqual(mirror.get(mug), 0)
  mirror.hear(lamp, 2)
  now = 5_000
  assert.deepStrictEqual([mirror.get(mug), mirror.get(lamp)], [undefined, 2])
  assert.deepStrictEqual(mirror.keys(), [lamp])
})

it("what nobody asks for again does not stay in memory", () => {
  let now = 0
  const mirror = new LevelMirror(() => now)
  for (let i = 0; i < 1000; i += 1) mirror.hear(`limit:MUG:buyer-${i}` as StockKey, 1)
  now = 6_000
  mirror.hear(mug, 1)
  assert.strictEqual(mirror.size, 1)
})
