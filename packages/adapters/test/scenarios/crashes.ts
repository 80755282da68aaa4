/**
 * A process dies at every boundary of every effect that a run makes: before it, after it, with
 * the answer lost, or as a zombie. The boundaries are counted in an undisturbed run, not listed by
 * hand. Another process takes over; then every invariant holds, and nobody was told of an order
 * that is not there.
 */
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { type Fault, type FaultMode, ProcessFaults } from "../../src/faults/ProcessFaults.ts"
import { approveAll, type SandboxOptions } from "../../src/payments/SandboxBehavior.ts"
import type { Ground } from "./Ground.ts"
import * as World from "./world.ts"

const staff = "staff" as AccountId

export interface Scenario {
  readonly name: string
  readonly sandbox: SandboxOptions
  readonly act: (
    process: Context.Context<World.Process>,
    orderId: OrderId
  ) => Effect.Effect<Told | void, unknown>
  /** An order is placed and settled first; the act is about it. */
  readonly onPaidOrder: boolean
  /** States in which the order may be found at rest, whatever crashed. */
  readonly finals: ReadonlyArray<string>
}

const request = (orderId: OrderId, key: string) => ({
  orderId,
  account: staff,
  key,
  fingerprint: key,
  occurredAt: null
})

const place = (process: Context.Context<World.Process>) =>
  Context.get(process, Checkout).place(World.order())

const shipment = { carrier: "Royal Mail", tracking: "RM1" }

export const scenarios: ReadonlyArray<Scenario> = [
  {
    name: "checkout, approved",
    sandbox: approveAll,
    act: place,
    onPaidOrder: false,
    finals: ["paid", "none"]
  },
  {
    name: "checkout, declined",
    sandbox: { seed: "d", mix: { decline: 1 } },
    act: place,
    onPaidOrder: false,
    finals: ["canceled", "none"]
  },
  {
    name: "checkout, the capture's answer lost",
    sandbox: { seed: "t", mix: { timeout_after: 1 } },
    act: place,
    onPaidOrder: false,
    finals: ["paid", "none"]
  },
  {
    name: "checkout, answered late",
    sandbox: { seed: "l", mix: { late: 1 } },
    act: place,
    onPaidOrder: false,
    finals: ["paid", "none"]
  },
  {
    name: "checkout, free",
    sandbox: approveAll,
    act: (process) =>
      Context.get(process, Checkout).place(
        World.order({ lines: World.order().lines.map((l) => ({ ...l, sku: World.postage })) })
      ),
    onPaidOrder: false,
    finals: ["paid", "none"]
  },
  {
    name: "cancel while the payment is under way",
    sandbox: { seed: "l", mix: { late: 1 } },
    act: Effect.fnUntraced(function* (process) {
      const checkout = Context.get(process, Checkout)
      const told = yield* checkout.place(World.order())
      const orderId = (JSON.parse(told.answer.body) as { order_id: OrderId }).order_id
      yield* checkout.cancel(orderId, World.buyer)
      return told
    }),
    onPaidOrder: false,
    finals: ["refunded", "canceled", "paid", "none"]
  },
  {
    name: "ship",
    sandbox: approveAll,
    act: (process, orderId) =>
      Context.get(process, Fulfillment).ship({ ...request(orderId, "ship"), ...shipment }),
    onPaidOrder: true,
    finals: ["paid", "shipped"]
  },
  {
    name: "refund in full with restock",
    sandbox: approveAll,
    act: (process, orderId) =>
      Context.get(process, Refunds).refund({
        ...request(orderId, "refund"),
        amount: null,
        restock: "all"
      }),
    onPaidOrder: true,
    finals: ["paid", "refunded"]
  },
  {
    name: "refund in part without restock",
    sandbox: approveAll,
    act: (process, orderId) =>
      Context.get(process, Refunds).refund({
        ...request(orderId, "refund"),
        amount: minor(1_000n),
        restock: []
      }),
    onPaidOrder: true,
    finals: ["paid"]
  }
]

/**
 * Plays the scenario on fresh ground with one fault and answers with the calls that the faulty
 * process made. The next process comes `absentMs` later: soon, or when the reservation has long
 * expired.
 */
export const play = Effect.fnUntraced(function* (
  scenario: Scenario,
  fault: Fault | null,
  on: Effect.Effect<Ground, never, Scope.Scope>,
  absentMs: number
) {
  const world = yield* World.makeWorld(scenario.sandbox, [], undefined, on)
  let orderId = "" as OrderId
  if (scenario.onPaidOrder) {
    const before = new ProcessFaults(null)
    const told = yield* place(yield* world.start(before))
    orderId = (JSON.parse(told.answer.body) as { order_id: OrderId }).order_id
    yield* World.settleAll(world)
    before.kill()
  }
  const faults = new ProcessFaults(fault)
  const process = yield* world.start(faults)
  const told = yield* Effect.forkChild(Effect.exit(scenario.act(process, orderId)))
  yield* world.ground.pass(absentMs)
  const answered = told.pollUnsafe()
  yield* Fiber.interrupt(told)
  yield* world.start(new ProcessFaults(null))
  yield* World.settleAll(world)
  // Whoever slept comes back, and finds that it is not its saga any more.
  faults.resume()
  yield* World.settleAll(world)
  return { world, faults, answered }
})

const promised = (answered: unknown): boolean => {
  const exit = (answered as { value?: { value?: Told; _tag?: string } } | undefined)?.value
  return exit?._tag === "Success" && exit.value !== undefined
}

export const verify = Effect.fnUntraced(function* (
  scenario: Scenario,
  { answered, world }: Effect.Success<ReturnType<typeof play>>,
  label: string
) {
  const report = yield* World.judge(world)
  assert.deepStrictEqual(World.violations(report), [], label)
  const found = yield* World.orders(world)
  const states = found.length === 0 ? ["none"] : found.map((order) => order.state)
  assert.strictEqual(states.length, 1, `${label}: one order at most`)
  assert.include(scenario.finals, states[0], label)
  if (promised(answered)) assert.notStrictEqual(states[0], "none", `${label}: told of an order`)
  const units = yield* World.level(world, World.teapot)
  assert.strictEqual(units?.reserved, 0, `${label}: nothing stays reserved`)
})

/** A place for one play at a time, fresh each time. */
export type Lane = Effect.Effect<Ground, never, Scope.Scope>

/**
 * Plays the scenario undisturbed, and then with each of the faults that `modesAt` names for a
 * call, on all lanes at once. Answers with the number of plays.
 */
export const playEverywhere = Effect.fnUntraced(function* (
  scenario: Scenario,
  lanes: readonly [Lane, ...ReadonlyArray<Lane>],
  absentMs: number,
  modesAt: (call: number) => ReadonlyArray<FaultMode>
) {
  const judged = (fault: Fault | null, lane: Lane, label: string) =>
    play(scenario, fault, lane, absentMs).pipe(
      Effect.tap((played) => verify(scenario, played, label)),
      Effect.scoped
    )
  const { calls } = (yield* judged(null, lanes[0], "undisturbed")).faults
  const plays = calls.flatMap((call, at) =>
    modesAt(at).map((mode) => ({ fault: { at, mode }, label: `${mode} call ${at}, ${call}` }))
  )
  yield* Effect.forEach(
    lanes,
    (lane, turn) =>
      Effect.forEach(
        plays.filter((_, index) => index % lanes.length === turn),
        ({ fault, label }) => judged(fault, lane, label)
      ),
    { concurrency: "unbounded" }
  )
  return plays.length
})
