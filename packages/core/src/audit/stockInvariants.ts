import { isAllowance } from "../inventory/StockKey.ts"
import type { StockBook } from "./Books.ts"
import { equal, holds, type StockInvariant } from "./Invariant.ts"

const units = (book: StockBook, of: (segment: StockBook["segments"][number]) => number): number =>
  book.segments.reduce((total, segment) => total + of(segment), 0)

const explained: StockInvariant = {
  name: "stock.explained",
  about: () => true,
  check: (book) =>
    equal(
      book.key,
      "received",
      units(book, (s) => s.received),
      book.moved
    )
}

const conserved: StockInvariant = {
  name: "stock.conserved",
  about: () => true,
  check: (book) =>
    book.segments.flatMap((segment) => {
      const { committed, givenBack, held, received, reserved, returned, sold } = segment
      const key = `${book.key}/${segment.segment}`
      const available = received - reserved - sold
      return [
        ...equal(key, "reserved", reserved, held),
        ...equal(key, "sold", sold, committed - returned),
        ...equal(key, "returned", returned, givenBack),
        ...holds(available >= 0, key, `received - reserved - sold: ${available}`, "0 or more")
      ]
    })
}

const within =
  (what: string): StockInvariant["check"] =>
  (book) => {
    const out = units(book, (s) => s.committed - s.returned)
    const limit = book.moved
    return holds(out <= limit, book.key, `committed and not returned: ${out}`, `${what}: ${limit}`)
  }

const neverOversold: StockInvariant = {
  name: "stock.never_oversold",
  about: (book) => !isAllowance(book.key),
  check: within("units received")
}

const couponLimit: StockInvariant = {
  name: "coupon.within_limit",
  about: (book) => isAllowance(book.key) && book.key.startsWith("coupon:"),
  check: within("uses allowed")
}

const purchaseLimit: StockInvariant = {
  name: "purchase.within_limit",
  about: (book) => isAllowance(book.key) && book.key.startsWith("limit:"),
  check: within("units allowed")
}

export const stockInvariants: ReadonlyArray<StockInvariant> = [
  explained,
  conserved,
  neverOversold,
  couponLimit,
  purchaseLimit
]
