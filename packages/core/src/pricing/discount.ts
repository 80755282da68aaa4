/**
 * How much each kind of promotion takes off each of its lines. The answers run in parallel to
 * `input.lines`; nothing here changes the worksheet.
 */
import { allocate } from "../money/allocate.ts"
import type { DecimalString } from "../money/Decimal.ts"
import { parseDecimal, percentOf } from "../money/Decimal.ts"
import type { Minor } from "../money/Minor.ts"
import { minor } from "../money/Minor.ts"
import { buyGetParts } from "./buyGet.ts"
import type { TraceStep } from "./Quote.ts"
import type { Target } from "./units.ts"
import { cutEach, roomOf, smaller } from "./units.ts"
import type { Worksheet } from "./Worksheet.ts"
import { lineAt } from "./Worksheet.ts"

export type DiscountInput = Extract<TraceStep, { readonly rule: "promotion" }>["input"]
type BuyGetInput = Extract<DiscountInput, { readonly type: "buy_get" }>

/** Spreads percent off the total; what a floor keeps from one line is not taken from another. */
const orderPercent = (percent: DecimalString, targets: ReadonlyArray<Target>) => {
  let base = 0n
  for (const { line } of targets) base += line.left
  const wanted = percentOf(base, parseDecimal(percent), "half_up")
  const shares = allocate(
    wanted,
    targets.map(({ line }) => line.left)
  )
  return targets.map((target, index) => smaller(shares[index] ?? 0n, roomOf(target)))
}

/** Spreads an amount; what a floor keeps from one line is taken from the others instead. */
const orderFixed = (amount: Minor, targets: ReadonlyArray<Target>): ReadonlyArray<bigint> => {
  const rooms = targets.map(roomOf)
  const parts = targets.map(() => 0n)
  let wanted = smaller(
    amount,
    rooms.reduce((sum, room) => sum + room, 0n)
  )
  // Every round either places all of it or fills at least one line to its floor.
  while (wanted > 0n) {
    const weights = targets.map(({ line }, index) => (rooms[index] === 0n ? 0n : line.left))
    const shares = allocate(minor(wanted), weights)
    for (const [index, share] of shares.entries()) {
      const placed = smaller(share, rooms[index] ?? 0n)
      parts[index] = (parts[index] ?? 0n) + placed
      rooms[index] = (rooms[index] ?? 0n) - placed
      wanted -= placed
    }
  }
  return parts
}

const buyGet = (sheet: Worksheet, input: BuyGetInput, targets: ReadonlyArray<Target>) => {
  const buying = new Set(input.buyLines)
  const getting = new Set(input.lines)
  let buysOnly = 0n
  for (const lineNo of buying) {
    if (!getting.has(lineNo)) buysOnly += BigInt(lineAt(sheet, lineNo).quantity)
  }
  return buyGetParts(
    { ...input, percent: parseDecimal(input.percent) },
    buysOnly,
    targets.map((target, index) => ({ ...target, alsoBuys: buying.has(input.lines[index] ?? 0) }))
  )
}

/** What the discount takes off each line of `input.lines`, in minor units, zero or more. */
export const discountParts = (sheet: Worksheet, input: DiscountInput): ReadonlyArray<bigint> => {
  const targets = input.lines.map(
    (lineNo, index): Target => ({
      line: lineAt(sheet, lineNo),
      floor: input.floors?.[index] ?? 0n
    })
  )
  switch (input.type) {
    case "order_percent":
      return orderPercent(input.percent, targets)
    case "order_fixed":
      return orderFixed(input.amount, targets)
    case "item_percent": {
      const percent = parseDecimal(input.percent)
      return targets.map((target) =>
        cutEach(target, (price) => percentOf(price, percent, "half_up"))
      )
    }
    case "item_fixed":
      return targets.map((target) => cutEach(target, () => input.amount))
    case "line_fixed":
      return targets.map((target) => smaller(input.amount, roomOf(target)))
    case "buy_get":
      return buyGet(sheet, input, targets)
  }
}
