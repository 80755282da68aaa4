import { Gate, type GateRequest } from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshName } from "./fresh.ts"
import { atOnce, tagOf, tally } from "./outcomes.ts"
import { type Promises, suite } from "./suite.ts"

const freshKey = Effect.map(freshName("GATE"), (name) => name as StockKey)

const wants = (...lines: ReadonlyArray<readonly [StockKey, number]>): GateRequest => ({
  lines: lines.map(([key, quantity]) => ({ key, quantity }))
})

const soldOut = (key: StockKey, requested: number, available: number) => ({
  _tag: "SoldOut" as const,
  key,
  requested,
  available
})

const passed = { _tag: "Passed" as const }

const counting: Promises<Gate> = {
  "lets pass what nobody set, and guards nothing by it": Effect.gen(function* () {
    const gate = yield* Gate
    const key = yield* freshKey
    assert.deepStrictEqual(yield* gate.enter([wants([key, 5]), wants()]), [passed, passed])
    yield* gate.leave([wants([key, 5])])
    assert.strictEqual(gate.peek(key), undefined)
    assert.notInclude(yield* gate.guarded, key)
    assert.deepStrictEqual(yield* gate.enter([]), [])
  }),

  "counts down to nothing and then refuses, saying what was there": Effect.gen(function* () {
    const gate = yield* Gate
    const key = yield* freshKey
    yield* gate.set([{ key, available: 3 }])
    assert.deepStrictEqual(yield* gate.enter([wants([key, 2])]), [passed])
    assert.strictEqual(gate.peek(key), 1)
    assert.deepStrictEqual(yield* gate.enter([wants([key, 2])]), [soldOut(key, 2, 1)])
    assert.strictEqual(gate.peek(key), 1)
    assert.deepStrictEqual(yield* gate.enter([wants([key, 1])]), [passed])
    assert.deepStrictEqual(yield* gate.enter([wants([key, 1])]), [soldOut(key, 1, 0)])
    assert.strictEqual(gate.peek(key), 0)
  }),

  "admits each request of a batch whole or not at all, and those for one key in their order":
    Effect.gen(function* () {
      const gate = yield* Gate
      const [a, b, free] = [yield* freshKey, yield* freshKey, yield* freshKey]
      yield* gate.set([a, b].map((key) => ({ key, available: 3 })))
      const quantities = [1, 3, 2, 1]
      const answers = yield* gate.enter([
        ...quantities.map((quantity) => wants([a, quantity])),
        ...[2, 2].map((quantity) => wants([b, quantity], [free, 9]))
      ])
      assert.deepStrictEqual(answers, [
        passed,
        soldOut(a, 3, 2),
        passed,
        soldOut(a, 1, 0),
        passed,
        soldOut(b, 2, 1)
      ])
    }),

  "changes no counter by a request that it refuses": Effect.gen(function* () {
    const gate = yield* Gate
    const keys = yield* Effect.all([freshKey, freshKey, freshKey])
    const [first, empty, last] = keys
    yield* gate.set(keys.map((key) => ({ key, available: key === empty ? 0 : 4 })))
    const answers = yield* gate.enter([wants([first, 2], [empty, 1], [last, 2])])
    assert.deepStrictEqual(answers, [soldOut(empty, 1, 0)])
    assert.deepStrictEqual(yield* gate.enter([wants([first, 4], [last, 4])]), [passed])
  })
}

const ordered: Promises<Gate> = {
  "admits the requests of a batch in their order, each whole or not at all": Effect.gen(
    function* () {
      const gate = yield* Gate
      const [a, b, free] = [yield* freshKey, yield* freshKey, yield* freshKey]
      yield* gate.set([
        { key: a, available: 3 },
        { key: b, available: 1 }
      ])
      const answers = yield* gate.enter([
        wants([a, 1], [b, 1], [free, 9]),
        wants([a, 1], [b, 1]),
        wants([a, 3]),
        wants([free, 1], [a, 2]),
        wants([a, 1])
      ])
      assert.deepStrictEqual(answers, [
        passed,
        soldOut(b, 1, 0),
        soldOut(a, 3, 2),
        passed,
        soldOut(a, 1, 0)
      ])
      assert.deepStrictEqual([gate.peek(a), gate.peek(b)], [0, 0])
    }
  )
}

const correcting: Promises<Gate> = {
  "takes units back": Effect.gen(function* () {
    const gate = yield* Gate
    const key = yield* freshKey
    yield* gate.set([{ key, available: 2 }])
    yield* gate.enter([wants([key, 2])])
    yield* gate.leave([wants([key, 1]), wants([key, 1])])
    assert.strictEqual(gate.peek(key), 2)
    assert.deepStrictEqual(yield* gate.enter([wants([key, 2])]), [passed])
  }),

  "is put right by the record, upwards and downwards": Effect.gen(function* () {
    const gate = yield* Gate
    const key = yield* freshKey
    for (const available of [0, 7, 1]) {
      yield* gate.set([{ key, available }])
      assert.strictEqual(gate.peek(key), available)
      const [answer] = yield* gate.enter([wants([key, 2])])
      assert.deepStrictEqual(answer, available < 2 ? soldOut(key, 2, available) : passed)
    }
  }),

  "guards what was set until it is removed": Effect.gen(function* () {
    const gate = yield* Gate
    const [key, other] = [yield* freshKey, yield* freshKey]
    yield* gate.set([
      { key, available: 0 },
      { key: other, available: 0 }
    ])
    assert.includeMembers([...(yield* gate.guarded)], [key, other])
    yield* gate.remove([key])
    assert.notInclude(yield* gate.guarded, key)
    assert.include(yield* gate.guarded, other)
    assert.strictEqual(gate.peek(key), undefined)
    assert.deepStrictEqual(yield* gate.enter([wants([key, 1])]), [passed])
  }),

  "guards nothing when it is told of nothing": Effect.gen(function* () {
    const gate = yield* Gate
    const before = yield* gate.guarded
    yield* gate.set([])
    yield* gate.remove([])
    yield* gate.leave([])
    assert.sameMembers([...(yield* gate.guarded)], [...before])
  })
}

const racing: Promises<Gate> = {
  "lets in exactly as many as there are units, however they come": Effect.gen(function* () {
    const gate = yield* Gate
    const key = yield* freshKey
    yield* gate.set([{ key, available: 50 }])
    const batches = Array.from({ length: 20 }, () =>
      Array.from({ length: 10 }, () => wants([key, 1]))
    )
    const answers = yield* atOnce(batches, gate.enter)
    assert.deepStrictEqual(tally(answers), { Passed: 50, SoldOut: 150 })
  }),

  "lets one in of two that want the same last units in opposite order": Effect.gen(function* () {
    const gate = yield* Gate
    for (let round = 0; round < 20; round += 1) {
      const [a, b] = [yield* freshKey, yield* freshKey]
      yield* gate.set([a, b].map((key) => ({ key, available: 1 })))
      const rivals = [[wants([a, 1], [b, 1])], [wants([b, 1], [a, 1])]]
      const answers = yield* atOnce(rivals, gate.enter)
      assert.deepStrictEqual(answers.map(tagOf).sort(), ["Passed", "SoldOut"])
    }
  }),

  "denies nobody a unit that a request of the same batch is refused with": Effect.gen(function* () {
    const gate = yield* Gate
    for (let round = 0; round < 10; round += 1) {
      const [last, empty] = [yield* freshKey, yield* freshKey]
      yield* gate.set([
        { key: last, available: 1 },
        { key: empty, available: 0 }
      ])
      const answers = yield* gate.enter([wants([last, 1], [empty, 1]), wants([last, 1])])
      assert.deepStrictEqual(answers, [soldOut(empty, 1, 0), passed])
    }
  }),

  "knows a thousand keys at a time": Effect.gen(function* () {
    const gate = yield* Gate
    const name = yield* freshName("MANY")
    const keys = Array.from({ length: 1000 }, (_, i) => `${name}-${i}` as StockKey)
    yield* gate.set(keys.map((key) => ({ key, available: 1 })))
    const all = [wants(...keys.map((key) => [key, 1] as const))]
    assert.deepStrictEqual(yield* gate.enter(all), [passed])
    const again = yield* gate.enter(keys.map((key) => wants([key, 1])))
    assert.deepStrictEqual(tally(again), { SoldOut: 1000 })
    yield* gate.leave(all)
    assert.deepStrictEqual(yield* gate.enter(all), [passed])
    yield* gate.remove(keys)
  })
}

/**
 * What every `Gate` promises while it can be reached; `servers`: whether the counters of one
 * request may be on several.
 */
export const gateContract = <E>(
  name: string,
  adapter: Layer.Layer<Gate, E>,
  servers: "one" | "several" = "one"
): void => {
  const strict = servers === "one" ? [ordered] : []
  suite(`Gate contract: ${name}`, adapter, [counting, correcting, racing, ...strict])
}
