import { sessionsContract } from "@doorbuster/adapters/contract"
import { EndedSessions } from "@doorbuster/adapters/memory/EndedSessions"
import { layer } from "@doorbuster/adapters/memory/SessionsMemory"
import { assert, it } from "@effect/vitest"

sessionsContract("memory", layer)

it("what has ended by itself is not remembered for ever", () => {
  const ended = new EndedSessions()
  for (let i = 0; i < 1000; i += 1) ended.add(`short ${i}`, 10, 0)
  ended.add("long", 1e9, 0)
  assert.strictEqual(ended.size, 1001)
  ended.add("later", 1e9, 60_000)
  assert.deepStrictEqual([ended.size, ended.has("long"), ended.has("short 1")], [2, true, false])
})
