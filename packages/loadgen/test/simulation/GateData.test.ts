/**
 * Goal: the simulated gate does what the scripts do in Redis.
 * Method: random calls of all of them, on both, with every answer compared.
 */
import {
  enterScript,
  leaveScript,
  listScript,
  setScript
} from "@doorbuster/adapters/redis/gateScripts"
import { layer, RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { GateData } from "@doorbuster/loadgen/simulation/gate/GateData"
import { SeededRandom } from "@doorbuster/loadgen/simulation/SeededRandom"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"

const seed = Number(process.env["GATE_SEED"] ?? Math.floor(Math.random() * 2 ** 32))
const name = `doorbuster:test:gate:${seed}`
const counters = ["a", "b", "c", "d"].map((key) => `${name}:{sku}:${key}`)
const longMs = 600_000

interface Call {
  readonly script: string
  readonly keys: ReadonlyArray<string>
  readonly args: ReadonlyArray<number | string>
}

const some = (random: SeededRandom) => {
  const keys = counters.filter(() => random.chance(0.6))
  return keys.length === 0 ? counters.slice(0, 1) : keys
}

const anyCall = (random: SeededRandom): Call => {
  const keys = some(random)
  const lot = random.next()
  if (lot < 0.2) {
    const levels = keys.map(() => random.between(0, 9))
    return { script: setScript, keys, args: [longMs, ...levels] }
  }
  if (lot < 0.4) return { script: leaveScript, keys, args: keys.map(() => random.between(1, 3)) }
  if (lot < 0.5) {
    const listed = keys.flatMap((key) => [random.between(1, 9), key])
    return { script: listScript, keys: [`${name}:list`], args: [random.between(0, 5), ...listed] }
  }
  const requests = Array.from({ length: random.between(1, 4) }, () => {
    const lines = keys.map((_, i) => [i + 1, random.between(1, 3)]).filter(() => random.chance(0.7))
    return [lines.length, ...lines.flat()]
  })
  return { script: enterScript, keys, args: requests.flat() }
}

it.effect(`answers like Redis, call by call (GATE_SEED=${seed})`, () =>
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const random = new SeededRandom(seed)
    const data = new GateData(
      () => 0,
      () => undefined
    )
    const refused = new Set<string>()
    for (let i = 0; i < 300; i++) {
      const { args, keys, script } = anyCall(random)
      const real = yield* redis.script("gate", script)(keys, args)
      const answer = data.eval(script, keys, args)
      expect([script, keys, args, answer]).toEqual([script, keys, args, real])
      if (script === enterScript && Array.isArray(real)) refused.add(String(real.at(-1)))
    }
    expect(refused.size).toBeGreaterThan(1)
    yield* redis.command("clean", (client) => client.unlink(...counters, `${name}:list`))
  }).pipe(
    Effect.provide(
      layer({ url: Redacted.make(process.env["REDIS_URL_TEST"] ?? ""), commandMsMax: 5_000 })
    )
  )
)

test("a script that was changed is not known until its second form is looked at", () => {
  const data = new GateData(
    () => 0,
    () => undefined
  )
  expect(() => data.eval(`${setScript} `, [], [1])).toThrow("no second form")
})
