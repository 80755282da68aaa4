/** Whether the stock that was just reserved adds up. */
import { Books } from "@doorbuster/core/audit/Books"
import type { AuditContext, Violation } from "@doorbuster/core/audit/Invariant"
import { stockInvariants } from "@doorbuster/core/audit/stockInvariants"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Broken } from "./errors.ts"

/** All stock invariants, and that so many units are held of these keys together. */
export const heldRightly = Effect.fnUntraced(function* (
  keys: ReadonlyArray<StockKey>,
  held: number
) {
  const books = yield* Books
  const { at } = yield* books.now
  const context: AuditContext = { at, graceMs: 0, captured: null, promises: null }
  const own = new Set(keys)
  const found = new Map<string, Array<Violation>>()
  let units = 0
  yield* Stream.runForEach(books.stock, (book) =>
    Effect.sync(() => {
      for (const { about, check, name } of stockInvariants) {
        const violations = about(book) ? check(book, context) : []
        if (violations.length > 0) found.set(name, [...(found.get(name) ?? []), ...violations])
      }
      if (own.has(book.key)) units += book.segments.reduce((sum, one) => sum + one.held, 0)
    })
  )
  if (units !== held) {
    const violation = { key: "units", left: `held: ${units}`, right: `answered: ${held}` }
    found.set("bench.all_held", [violation])
  }
  return [...found].flatMap(
    ([name, [first, ...others]]): ReadonlyArray<Broken> =>
      first === undefined ? [] : [{ name, count: others.length + 1, ...first }]
  )
})
