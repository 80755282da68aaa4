import { StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import fc from "fast-check"
import type { Action, Batch, PortCall } from "./Action.ts"
import { inventoryCall, inventoryOpening, rushCall } from "./calls/inventoryCalls.ts"
import { moneyCall, moneyOpening } from "./calls/moneyCalls.ts"
import { orderCall, orderOpening } from "./calls/orderCalls.ts"
import type { History } from "./History.ts"
import { type Situation, statementsOf } from "./situations.ts"

const port = (call: PortCall): Action => ({ _tag: "Port", call })

const situation: fc.Arbitrary<Situation> = fc.record({
  strategy: fc.constantFrom(...StockStrategy.literals),
  version: fc.constantFrom(0, 1, 1, 2, 3),
  orderState: fc.constantFrom("pending_payment", "pending_payment", "paid", "shipped"),
  lastSeq: fc.constantFrom(1, 2, 3),
  key: fc.constantFrom("k1", "k1", "k2", null),
  paymentState: fc.constantFrom("created", "capture_sent", "captured", "declined"),
  isRefundKnown: fc.boolean()
})

const isShort = (value: unknown): boolean =>
  value === null ||
  typeof value !== "object" ||
  (!(Array.isArray(value) && value.length > 1) && Object.values(value).every(isShort))

/** Several rows may be taken in any order; only locks make it certain which one it is. */
const isSingle = ({ args, call }: PortCall): boolean =>
  call !== "fence" && call !== "handOver" && args.every(isShort)

const isLock = (name: string): boolean => /[._]lock(_|$)/.test(name)

/** All that a call would send, only its locks, or all but them. */
type Part = "all" | "locks" | "rest"

const partOf = (batch: Batch, part: Part): Batch => ({
  end: part === "locks" ? "commit" : batch.end,
  flights: batch.flights
    .map((calls) =>
      calls.filter(([{ name }]) => part === "all" || isLock(name) === (part === "locks"))
    )
    .filter((calls) => calls.length > 0)
})

/** Captures of two payments in one statement may be booked in either order. */
const narrowed = ({ args, call, port: of }: PortCall): PortCall => ({
  port: of,
  call,
  args:
    call === "recordCapture"
      ? args.map((batch) => (batch as ReadonlyArray<unknown>).slice(0, 1))
      : args
})

const sent = (calls: fc.Arbitrary<PortCall>): fc.Arbitrary<ReadonlyArray<Batch>> =>
  fc
    .tuple(calls.map(narrowed), situation, fc.constantFrom<Part>("all", "all", "locks", "rest"))
    .map(([call, told, part]) => {
      const own = part === "rest" && !isSingle(call) ? "all" : part
      const batches = statementsOf(call, told).map((batch) => partOf(batch, own))
      return batches.filter(({ flights }) => flights.length > 0)
    })

const together = (batches: ReadonlyArray<Batch>, end: Batch["end"]): Batch => ({
  flights: batches.flatMap(({ flights }) => flights),
  end
})

/** One call's statements as they are, or those of several in one transaction. */
const blindly = (calls: fc.Arbitrary<PortCall>): fc.Arbitrary<Action> =>
  fc
    .oneof(
      sent(calls),
      fc
        .tuple(
          fc.array(sent(calls), { minLength: 2, maxLength: 4 }),
          fc.constantFrom("commit", "commit", "rollback")
        )
        .map(([all, end]) => [together(all.flat(), end)])
    )
    .map((batches): Action => ({ _tag: "Blind", batches }))

const histories = (
  actions: fc.Arbitrary<Action>,
  opening: ReadonlyArray<PortCall>
): fc.Arbitrary<History> =>
  fc.record({
    before: fc.subarray([...opening]).map((calls) => calls.map(port)),
    programs: fc.array(fc.array(actions, { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: clientsMax
    }),
    schedule: fc.array(fc.nat(11), { minLength: 1, maxLength: 24 })
  })

/** Clients that run at the same time. */
export const clientsMax = 4

const areas = [
  ["inventory", inventoryCall, inventoryOpening],
  ["orders", orderCall, orderOpening],
  ["money", moneyCall, moneyOpening]
] as const

/** Per schema: statements as in a race, whatever the rows say; and calls of the real adapters. */
export const kinds = [
  ...areas.flatMap(([area, calls, opening]) => [
    { name: `statements of ${area}`, arbitrary: histories(blindly(calls), opening) },
    { name: `calls of ${area}`, arbitrary: histories(calls.map(port), opening) }
  ]),
  { name: "a rush for a few units", arbitrary: histories(rushCall.map(port), inventoryOpening) }
]
