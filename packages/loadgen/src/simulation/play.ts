import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { chaos } from "./chaos.ts"
import { judgeAtRest } from "./judgeAtRest.ts"
import { restock } from "./openingStock.ts"
import type { Stage } from "./Stage.ts"
import { makeWorld, type World } from "./World.ts"

/** Ceiling of a saga's wait between two runs, as `SagaRunner` has it. */
const retryMsMax = 60_000

const finals = new Set(["completed", "canceled", "refunded"])

const sagasOf = ({ orders }: World["tables"], orderId: string): string =>
  [...orders.sagas.rows()]
    .filter((saga) => saga.orderId === orderId)
    .map(({ epoch, kind, lastError, owner, runAfter, state }) => {
      const wait = owner === null ? `waits until ${runAfter}` : `belongs to ${owner}`
      return `${kind} is ${state} in epoch ${epoch}, ${wait}, ${lastError ?? "no error"}`
    })
    .join("; ")

/** What is not at rest yet, in words; null when everything is. */
const unrest = ({ buyers, line, provider, tables, webhooks }: World): string | null => {
  for (const order of tables.orders.orders.rows()) {
    if (!finals.has(order.state)) {
      return `order ${order.orderId} is ${order.state}; ${sagasOf(tables, order.orderId)}`
    }
  }
  for (const saga of tables.orders.sagas.rows()) {
    if (saga.state === "open") {
      return `saga ${saga.sagaId} (${saga.kind}) is open: ${saga.lastError ?? "no error"}`
    }
  }
  for (const held of tables.inventory.reservations.rows()) {
    if (held.state === "held") return `order ${held.orderId} holds ${held.quantity} of ${held.sku}`
  }
  const { taken, waiting } = line.counts
  if (waiting + taken > 0) return `${waiting} orders wait in line, and ${taken} were taken`
  for (const [key, ticket] of buyers.inLine) return `${key} waits with ticket ${ticket}`
  if (!provider.later.isEmpty) return "the provider is not done"
  return webhooks.areUnderWay ? "a message of the provider is under way" : null
}

/** Buyers come in rushes until the time is over and enough orders were taken. */
const sell = Effect.fnUntraced(function* ({ book, buyers, stage }: World) {
  const { clock, judge, scenario } = stage
  const random = stage.random.fork("door")
  const endsAt = clock.nowMs + scenario.busyMs
  const pauseMs = (scenario.busyMs * scenario.rush) / scenario.checkouts
  const queue: Array<Fiber.Fiber<void>> = []
  while (judge.isSatisfied && (clock.nowMs < endsAt || book.orders.size < scenario.checkouts)) {
    const isLate = clock.nowMs >= endsAt
    // Those who wait in line may be enough.
    const missing = Math.max(0, scenario.checkouts - book.orders.size - buyers.inLine.size)
    const people = isLate
      ? Math.min(missing + 2, scenario.rush)
      : random.between(1, 2 * scenario.rush)
    for (let i = 0; i < people && book.orders.size < scenario.checkouts; i++) {
      queue.push(yield* Effect.forkChild(buyers.purchase(false)))
    }
    yield* clock.sleep(random.between(1, Math.ceil(isLate ? 20_000 : 2 * pauseMs)))
  }
  return queue
})

const work = ({ stage, staff }: World) =>
  Effect.gen(function* () {
    const { clock, faults, random } = stage
    const chance = random.fork("staff's breaks")
    while (true) {
      yield* clock.sleep(faults.areOver ? 3_000 : chance.between(10_000, 60_000))
      yield* staff.round()
    }
  })

/** Nothing goes wrong any more: all are up, all clocks are right. */
const recover = ({ gate, processes, provider, stage, webhooks }: World): void => {
  stage.faults.end()
  gate.recover()
  provider.later.hurry()
  webhooks.later.hurry()
  for (const process of processes) process.recover()
}

/** What one order may keep those behind it waiting, where few are placed at a time. */
const orderInLineMsMax = 3_000

/** Liveness: everything comes to rest in time; a line that is long by then may drain first. */
const settle = Effect.fnUntraced(function* (world: World) {
  const { clock, judge, scenario } = world.stage
  const { taken, waiting } = world.line.counts
  const patienceMs =
    2 * Math.max(scenario.settings.reservationTtlMs, retryMsMax) +
    orderInLineMsMax * (taken + waiting)
  const until = clock.nowMs + patienceMs
  while (judge.isSatisfied) {
    const rest = unrest(world)
    if (rest === null) return
    if (clock.nowMs > until) {
      judge.find("liveness", `${patienceMs} ms after the last fault`, rest)
      return
    }
    yield* clock.sleep(3_000)
  }
})

const lateBuyers = 12

/** Longer than what a gate may lag behind the stock. */
const restockedMs = 25_000

/** Where all have one gate: units come in, and buyers as soon as it has to be right again. */
const sellAtGate = Effect.fnUntraced(function* ({ buyers, gate, server, stage }: World) {
  const queue: Array<Fiber.Fiber<void>> = []
  if (!stage.scenario.isGateShared) return queue
  yield* stage.clock.sleep(gate.calmAfterMs - restockedMs)
  yield* restock(server, stage)
  yield* stage.clock.sleep(restockedMs)
  const chance = stage.random.fork("buyers at the gate")
  for (let i = 0; i < lateBuyers && stage.judge.isSatisfied; i++) {
    queue.push(yield* Effect.forkChild(buyers.purchase(false)))
    yield* stage.clock.sleep(chance.between(0, 1_000))
  }
  return queue
})

/** A message that was delayed by a fault is there by then, and its sender's lease renewed. */
const echoMsMax = 60_000

/** Some buyers come when all is well again: they are served at once, by workers that live. */
const sellInQuiet = Effect.fnUntraced(function* ({ buyers, sagas, stage }: World) {
  const { clock, judge, random, scenario } = stage
  yield* clock.sleep(echoMsMax + scenario.settings.leaseTtlMs)
  sagas.quietFrom(clock.nowMs)
  const chance = random.fork("late buyers")
  const queue: Array<Fiber.Fiber<void>> = []
  for (let i = 0; i < lateBuyers && judge.isSatisfied; i++) {
    queue.push(yield* Effect.forkChild(buyers.purchase(true)))
    yield* clock.sleep(chance.between(0, 2_000))
  }
  return queue
})

/** As long as it takes to be sure that a key is cold, and some beats more. */
const coolMsMax = 180_000

/** After the heat nothing is promoted any more, whoever has promoted it. */
const coolDown = Effect.fnUntraced(function* ({ stage, tables }: World) {
  const { clock, judge } = stage
  const until = clock.nowMs + coolMsMax
  while (judge.isSatisfied) {
    const [hot] = tables.hotKeys.rows()
    if (hot === undefined) return
    if (clock.nowMs > until) {
      const detail = `still ${hot.strategy} ${coolMsMax} ms after the last buyer`
      judge.find("autopilot.cools", hot.sku, detail)
      return
    }
    yield* clock.sleep(5_000)
  }
})

/** One run: a busy time with faults, a quiet time in which everything settles, the judgement. */
export const play = Effect.fnUntraced(function* (
  stage: Stage,
  told: (book: World["book"]) => void
) {
  const world = yield* makeWorld(stage)
  for (const process of world.processes) process.start()
  const staff = yield* Effect.forkChild(work(world))
  const disorder = yield* Effect.forkChild(chaos(world))
  const queue = yield* sell(world)
  recover(world)
  yield* Fiber.interrupt(disorder)
  const early = yield* sellAtGate(world)
  yield* settle(world)
  const late = yield* sellInQuiet(world)
  yield* settle(world)
  yield* coolDown(world)
  yield* Fiber.interruptAll([...queue, ...early, ...late, staff])
  if (stage.judge.isSatisfied) yield* judgeAtRest(world)
  told(world.book)
})
