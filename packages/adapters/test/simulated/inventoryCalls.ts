/** Statements of the stock with parameters as the adapter would send them, from a short form. */
import type { Statement } from "@doorbuster/adapters/postgres/Database"
import * as statements from "@doorbuster/adapters/postgres/inventory/statements"

export type Call = readonly [statement: Statement, parameters: ReadonlyArray<unknown>]

export interface Line {
  readonly key: string
  readonly quantity: number
  readonly allowance?: number
}

export interface Order {
  readonly orderId: string
  readonly epoch: number
  readonly lines: ReadonlyArray<Line>
}

const list = (values: Iterable<unknown>): string =>
  `{${Array.from(values, (value) => value ?? "NULL").join(",")}}`

const texts = (values: Iterable<string>): string =>
  `{${Array.from(values, (value) => `"${value}"`).join(",")}}`

const demand = (orders: ReadonlyArray<Order>) => {
  const lines = orders.flatMap((order) => order.lines)
  const keys = [...new Set(lines.map(({ key }) => key))].sort()
  const own = (key: string) => lines.filter((line) => line.key === key)
  const units = keys.map((key) => own(key).reduce((sum, { quantity }) => sum + quantity, 0))
  const allowances = keys.map((key) => own(key)[0]?.allowance ?? null)
  const none = allowances.every((allowance) => allowance === null)
  return [texts(keys), "{}", list(units), list(none ? [] : allowances)] as const
}

const columns = (orders: ReadonlyArray<Order>) => {
  const lines = orders.flatMap((order, i) => order.lines.map((line) => ({ ...line, at: i + 1 })))
  return [
    list(orders.map(({ orderId }) => orderId)),
    list(orders.map(({ epoch }) => epoch)),
    list(orders.map(() => "2100-01-01T00:00:00.000Z")),
    list(orders.map((order) => order.lines.length)),
    list(lines.map(({ at }) => at)),
    texts(lines.map(({ key }) => key)),
    "{}",
    list(lines.map(({ quantity }) => quantity))
  ]
}

export const take = (...orders: ReadonlyArray<Order>): Call => [
  statements.take,
  ["{}", false, ...demand(orders), ...columns(orders)]
]

/** The same behind the queue in front of a key, or behind the locks of all rows. */
export const takeBehind = (wait: { queue?: string; locks?: true }, order: Order): Call => {
  const queues = wait.queue === undefined ? [] : [wait.queue]
  return [
    statements.take,
    [texts(queues), wait.locks === true, ...demand([order]), ...columns([order])]
  ]
}

/** One order, all of one key, with so many units from each segment. */
export const holdOn = (order: Order, parts: Readonly<Record<number, number>>): Call => {
  const key = order.lines[0]?.key ?? ""
  const [segments, units] = [Object.keys(parts), Object.values(parts)]
  const keys = texts(segments.map(() => key))
  const [id, epoch, expiry] = columns([order])
  return [
    statements.hold,
    [
      ...[keys, list(segments), list(units), "{}", "{}"],
      ...[id, epoch, expiry, list([segments.length])],
      ...[list(segments.map(() => 1)), keys, list(segments), list(units)]
    ]
  ]
}

export const choose = (key: string, strategy: string, segments: number): Call => [
  statements.choose,
  [key, strategy, segments, segments]
]

export const rebalance = (key: string): Call => [statements.rebalance, [key]]

export const hold = (
  orders: ReadonlyArray<Order>,
  versions: ReadonlyArray<number | null> = []
): Call => [statements.hold, [...demand(orders), list(versions), ...columns(orders)]]

export const settle = (verb: string, ...orders: ReadonlyArray<Order>): Call => {
  const [keys] = demand(orders)
  const lines = orders.flatMap((order, i) => order.lines.map(({ key }) => ({ key, at: i + 1 })))
  return [
    statements.settle,
    [
      list(orders.map(() => verb)),
      list(orders.map(({ orderId }) => orderId)),
      list(orders.map(({ epoch }) => epoch)),
      keys,
      list(lines.map(({ at }) => at)),
      texts(lines.map(({ key }) => key))
    ]
  ]
}

export const fence = (...orders: ReadonlyArray<Order>): Call => [
  statements.fence,
  [list(orders.map(({ orderId }) => orderId)), list(orders.map(({ epoch }) => epoch))]
]

export const lock = (...keys: ReadonlyArray<string>): Call => [statements.lock, [keys]]
export const levels = (...keys: ReadonlyArray<string>): Call => [statements.levels, [keys]]

export const reservations = ({ lines, orderId }: Order): Call => [
  statements.reservations,
  [list(lines.map(() => orderId)), lines.map(({ key }) => key)]
]

export const move = (movementId: string, key: string, quantity: number): Call => [
  statements.move,
  [
    list([movementId]),
    [key],
    list([quantity]),
    [quantity < 0 ? "write_off" : "receipt"],
    ["of a test"],
    ["1970-01-01T00:00:00.000Z"],
    [key],
    list([0]),
    list([quantity])
  ]
]

/** One unit of each line. */
export const giveBack = (returnId: string, { lines, orderId }: Order): Call => {
  const keys = lines.map(({ key }) => key)
  const each = (value: unknown) => list(keys.map(() => value))
  return [
    statements.giveBack,
    [
      ...[each(returnId), keys, each(0), each(orderId), each(1)],
      ...[keys, each(0), each(orderId), each(1)],
      ...[keys, each(0), each(1)]
    ]
  ]
}
