import { Books, type StockBook } from "@doorbuster/core/audit/Books"
import { stockInvariants } from "@doorbuster/core/audit/stockInvariants"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { choose, defaultChoice } from "@doorbuster/core/inventory/StockStrategy"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { freshOrder } from "../fresh.ts"
import { freshKey, held, receive, request, stocked } from "../inventory/fixtures.ts"
import type { Promises } from "../suite.ts"

const stockOf = Effect.fnUntraced(function* (key: string) {
  const books = yield* Books
  return (yield* Stream.runCollect(books.stock)).filter((book) => book.key === key)
})

type Units = Omit<StockBook["segments"][number], "key" | "segment">

export const stock: Promises<Books | Inventory> = {
  "shows per key what was moved, held, sold and given back": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    yield* receive(key, 5)
    const sold = yield* held(key, 4)
    yield* inventory.commit([{ orderId: sold, epoch: 1, keys: [key] }])
    const lines = [{ key, quantity: 1 }]
    yield* inventory.giveBack([{ returnId: yield* nextUuid, orderId: sold, lines }])
    const freed = yield* held(key, 3)
    yield* inventory.release([{ orderId: freed, epoch: 1, keys: [key], as: "released" }])
    yield* held(key, 2)
    const [book, ...rest] = yield* stockOf(key)
    assert.deepStrictEqual(rest, [])
    assert.strictEqual(book?.moved, 15)
    const sum = (of: keyof Units) =>
      book?.segments.reduce((units, segment) => units + segment[of], 0)
    assert.deepStrictEqual([sum("received"), sum("reserved"), sum("sold")], [15, 2, 3])
    assert.deepStrictEqual([sum("held"), sum("committed")], [2, 4])
    assert.deepStrictEqual([sum("returned"), sum("givenBack")], [1, 1])
  }),

  "adds up the returns of a key, each once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const [first, second] = [yield* held(key, 4), yield* held(key, 5)]
    const orders = [first, second].map((orderId) => ({ orderId, epoch: 1, keys: [key] }))
    yield* inventory.commit(orders)
    const back = { returnId: yield* nextUuid, orderId: first, lines: [{ key, quantity: 3 }] }
    const other = { returnId: yield* nextUuid, orderId: second, lines: [{ key, quantity: 2 }] }
    for (const returned of [back, other, back]) yield* inventory.giveBack([returned])
    const [book] = yield* stockOf(key)
    const units = book?.segments.map(({ givenBack, returned }) => [returned, givenBack])
    assert.deepStrictEqual(units, [[5, 5]])
  }),

  "shows a key whose units lie on several rows row by row, with one sum of receipts": Effect.gen(
    function* () {
      const inventory = yield* Inventory
      const key = yield* stocked(10)
      yield* inventory.setStrategy(key, choose("segmented", 3))
      yield* receive(key, 2)
      const sold = yield* held(key, 9)
      yield* inventory.commit([{ orderId: sold, epoch: 1, keys: [key] }])
      const lines = [{ key, quantity: 5 }]
      yield* inventory.giveBack([{ returnId: yield* nextUuid, orderId: sold, lines }])
      yield* held(key, 2)
      yield* inventory.setStrategy(key, defaultChoice)
      const [book, ...rest] = yield* stockOf(key)
      if (book === undefined) return yield* Effect.die("no book")
      assert.deepStrictEqual(rest, [])
      assert.deepStrictEqual([book.moved, book.segments.length], [12, 3])
      const atRest = { at: 0, graceMs: 0, captured: null, promises: null }
      const broken = stockInvariants.flatMap(({ about, check }) =>
        about(book) ? check(book, atRest) : []
      )
      assert.deepStrictEqual(broken, [])
    }
  ),

  "explains the allowance of a coupon by movements, as it does receipts": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = `coupon:${yield* freshKey}` as Parameters<typeof receive>[0]
    for (const allowance of [5, 8, 3]) {
      yield* inventory.reserve([request(yield* freshOrder, [[key, 1, allowance]])])
    }
    const [book] = yield* stockOf(key)
    assert.deepStrictEqual([book?.moved, book?.segments[0]?.received], [3, 3])
  })
}
