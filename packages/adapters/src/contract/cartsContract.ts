import type { CartLine } from "@doorbuster/core/cart/Cart"
import { Carts } from "@doorbuster/core/cart/Carts"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshAccount } from "./fresh.ts"
import { type Promises, suite } from "./suite.ts"

const line = (sku: string, quantity: number) => ({ sku, quantity }) as CartLine

const carts: Promises<Carts> = {
  "is empty before anything is put in": Effect.gen(function* () {
    const store = yield* Carts
    assert.deepStrictEqual(yield* store.get(yield* freshAccount), { lines: [] })
  }),

  "keeps the lines as they were put, and replaces them as a whole": Effect.gen(function* () {
    const store = yield* Carts
    const account = yield* freshAccount
    yield* store.put(account, [line("B", 2), line("A", 1)])
    assert.deepStrictEqual(yield* store.get(account), { lines: [line("B", 2), line("A", 1)] })
    yield* store.put(account, [line("C", 3)])
    assert.deepStrictEqual(yield* store.get(account), { lines: [line("C", 3)] })
    yield* store.put(account, [])
    assert.deepStrictEqual(yield* store.get(account), { lines: [] })
  }),

  "sets a line in its old place, or at the end": Effect.gen(function* () {
    const store = yield* Carts
    const account = yield* freshAccount
    yield* store.setLine(account, line("B", 1))
    yield* store.setLine(account, line("A", 1))
    const cart = { lines: [line("B", 5), line("A", 1)] }
    assert.deepStrictEqual(yield* store.setLine(account, line("B", 5)), cart)
    assert.deepStrictEqual(yield* store.get(account), cart)
  }),

  "removes a line, and is not troubled by one that is not there": Effect.gen(function* () {
    const store = yield* Carts
    const account = yield* freshAccount
    yield* store.put(account, [line("B", 2), line("A", 1)])
    const cart = { lines: [line("A", 1)] }
    assert.deepStrictEqual(yield* store.removeLine(account, line("B", 1).sku), cart)
    assert.deepStrictEqual(yield* store.removeLine(account, line("B", 1).sku), cart)
    assert.deepStrictEqual(yield* store.get(account), cart)
    const empty = yield* store.removeLine(yield* freshAccount, line("B", 1).sku)
    assert.deepStrictEqual(empty, { lines: [] })
  }),

  "deletes one account's cart only": Effect.gen(function* () {
    const store = yield* Carts
    const [account, other] = [yield* freshAccount, yield* freshAccount]
    yield* store.put(account, [line("A", 1)])
    yield* store.put(other, [line("A", 2)])
    yield* store.delete(account)
    yield* store.delete(account)
    assert.deepStrictEqual(yield* store.get(account), { lines: [] })
    assert.deepStrictEqual(yield* store.get(other), { lines: [line("A", 2)] })
  }),

  "loses no line that is set at the same time as another": Effect.gen(function* () {
    const store = yield* Carts
    const account = yield* freshAccount
    const lines = Array.from({ length: 20 }, (_, i) => line(`SKU-${i}`, i + 1))
    yield* Effect.forEach(lines, (one) => store.setLine(account, one), {
      concurrency: "unbounded"
    })
    const { lines: kept } = yield* store.get(account)
    const bySku = (all: ReadonlyArray<CartLine>) => all.map(({ sku }) => sku as string).sort()
    assert.deepStrictEqual(bySku(kept), bySku(lines))
  })
}

/** What every `Carts` promises. */
export const cartsContract = <E>(name: string, adapter: Layer.Layer<Carts, E>): void =>
  suite(`Carts contract: ${name}`, adapter, [carts])
