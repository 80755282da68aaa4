import { stat } from "node:fs/promises"
import { join } from "node:path"
import { quantityMax } from "@doorbuster/core/catalog/Quantity"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { DecimalString } from "@doorbuster/core/money/Decimal"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { asSku } from "./asSku.ts"
import { controlFold } from "./Control.ts"
import { columnsOf, readCsv } from "./csv.ts"
import { type TraceError, TraceInvalid } from "./errors.ts"
import { always, isWithin, type Period, type Trace } from "./Trace.ts"
import { type TraceLine, type TraceOrder, TraceRow } from "./TraceLine.ts"

const columns = Object.keys(TraceRow.fields) as ReadonlyArray<keyof TraceRow>
const decodeRow = Schema.decodeUnknownResult(TraceRow)

/** Why the row cannot be what its kind says, or undefined. */
const contradiction = (row: TraceRow, qty: number): string | undefined => {
  const negative = row.unit_price.startsWith("-")
  switch (row.kind) {
    case "sale":
      if (negative) return `a sale at the negative price ${row.unit_price}`
      if (qty < 1) return `a sale of ${qty} units`
      return qty > quantityMax ? `a sale of ${qty} units; ${quantityMax} is the most` : undefined
    case "cancellation":
      if (negative) return `a cancellation at the negative price ${row.unit_price}`
      return qty >= 0 ? `a cancellation of ${qty} units: they must be negative` : undefined
    case "stock_write_off":
    case "zero_price":
      return /^-?0+(\.0+)?$/.test(row.unit_price)
        ? undefined
        : `${row.kind} at the price ${row.unit_price}: it must be zero`
    case "bad_debt_adjustment":
      return undefined
  }
}

/** Minutes repeat from line to line, so each is read once. UK local time is taken as UTC. */
const minuteReader = () => {
  let last = ""
  let epoch = Number.NaN
  return (minute: string): number => {
    if (minute === last) return epoch
    last = minute
    const time = Date.parse(`${minute}:00Z`)
    const real = !Number.isNaN(time) && new Date(time).toISOString().startsWith(minute)
    epoch = real ? time : Number.NaN
    return epoch
  }
}

/** Equal texts of many rows become one string, and a stock code is judged once. */
const interner = () => {
  const texts = new Map<string, string>()
  const skus = new Map<string, Sku | undefined>()
  return {
    text: (value: string): string => {
      const known = texts.get(value)
      if (known === undefined) texts.set(value, value)
      return known ?? value
    },
    sku: (code: string): Sku | undefined => {
      if (!skus.has(code)) skus.set(code, asSku(code))
      return skus.get(code)
    }
  }
}

interface OpenOrder extends TraceOrder {
  readonly lines: Array<TraceLine>
  readonly lineNos: Set<number>
  readonly within: boolean
}

/** Groups rows into orders as they come. */
const assembler = (file: string, period: Period) => {
  const orders = new Map<string, OpenOrder>()
  const control = controlFold()
  const minuteOf = minuteReader()
  const { sku: skuOf, text } = interner()
  const add = (row: TraceRow, fileLine: number) => {
    const refuse = (detail: string) => new TraceInvalid({ file, line: fileLine, detail })
    const at = minuteOf(row.at)
    if (Number.isNaN(at)) throw refuse(`there is no minute ${row.at}`)
    const qty = Number(row.qty)
    const wrong = contradiction(row, qty)
    if (wrong !== undefined) throw refuse(wrong)
    const sku = skuOf(row.sku)
    if (sku === undefined) throw refuse(`${row.sku} cannot be a SKU`)
    const ref = text(row.order_ref)
    let order = orders.get(ref)
    if (order === undefined) {
      const country = text(row.country)
      const within = isWithin(period, at)
      order = { ref, at, country, lines: [], lineNos: new Set(), within }
      orders.set(ref, order)
    }
    if (!order.within) return
    const lineNo = Number(row.line_no)
    if (order.lineNos.has(lineNo)) throw refuse(`${ref} has a second line ${lineNo}`)
    order.lineNos.add(lineNo)
    control.add(row)
    order.lines.push({
      fileLine,
      lineNo,
      kind: row.kind,
      stocked: row.line_kind === "product",
      sku,
      qty,
      unitPrice: text(row.unit_price) as DecimalString,
      customer: text(row.customer)
    })
  }
  const finish = (): Trace => ({
    file,
    orders: Array.from(orders.values()).flatMap(({ lineNos: _, within, ...order }) =>
      within ? [order] : []
    ),
    control: control.result()
  })
  return { add, finish }
}

const rowReader = (file: string, onRow: (row: TraceRow, line: number) => void) => {
  let at: ReadonlyArray<number> | undefined
  return (fields: ReadonlyArray<string>, line: number) => {
    if (at === undefined) {
      at = columnsOf(file, fields, columns)
      return
    }
    const raw: Record<string, string | undefined> = {}
    for (const [index, name] of columns.entries()) raw[name] = fields[at[index] ?? -1]
    const row = decodeRow(raw)
    if (Result.isFailure(row)) {
      const detail = row.failure.message.replaceAll(/\s*\n\s*/g, " ")
      throw new TraceInvalid({ file, line, detail })
    }
    onRow(row.success, line)
  }
}

/** `FILE` itself, or the order lines in the directory `FILE`. */
export const orderLinesIn = (path: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory() !== true) return path
    const plain = join(path, "order-lines.csv")
    const isPlain = (await stat(plain).catch(() => undefined))?.isFile() === true
    return isPlain ? plain : `${plain}.gz`
  })

/**
 * Reads the order lines of a shop, all or those of a period, and validates every row. The file's
 * times are UK local time without a zone and are taken as UTC.
 */
export const readTrace = Effect.fnUntraced(function* (
  path: string,
  period: Period = always
): Effect.fn.Return<Trace, TraceError> {
  const file = yield* orderLinesIn(path)
  const { add, finish } = assembler(file, period)
  yield* readCsv(file, rowReader(file, add))
  return finish()
})
