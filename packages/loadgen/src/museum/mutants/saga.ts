import type { Mutant } from "../Mutant.ts"

export const saga: ReadonlyArray<Mutant> = [
  {
    name: "compensation-in-the-wrong-order",
    title: "Steps are undone from the first to the last",
    story: {
      happened:
        "Workflow Core ran the compensations of a saga in an order that nobody had asked for.",
      because:
        "Compensations were scheduled without waiting for one another, so that nothing kept them " +
        "in reverse.",
      cost: "What a later step still stood on was undone first."
    },
    source: {
      name: "Workflow Core, issue 682",
      url: "https://github.com/danielgerlag/workflow-core/issues/682"
    },
    patches: [
      {
        file: "core/src/saga/coordinator.ts",
        find: "for (const step of steps.toReversed()) {",
        replace: "for (const step of steps) {"
      }
    ],
    breaks: "reservation.lives and saga.ends: who is undone is undone wholly",
    seenAs:
      "Needs a process that dies while it undoes a checkout: the saga is closed already, and " +
      "nobody gives the units back."
  },
  {
    name: "compensation-ids-lost",
    title: "What a step has done is known only if it said so",
    story: {
      happened:
        "The undoing of Medusa's reservation step deletes the reservations whose ids the step " +
        "returned.",
      because:
        "When the step's answer is lost there are no ids, and without ids it returns at once.",
      cost: "The reservations exist, belong to no order, and hold their units for good."
    },
    source: {
      name: "Medusa, create-reservations step",
      url:
        "https://github.com/medusajs/medusa/blob/develop/packages/core/core-flows/src/" +
        "reservation/steps/create-reservations.ts"
    },
    patches: [
      {
        file: "core/src/checkout/reserveStep.ts",
        find: "const sku = (key: string): Sku => key as Sku",
        replace: `const sku = (key: string): Sku => key as Sku
const reserved = new WeakSet<CheckoutRun["plan"]>()`
      },
      {
        file: "core/src/checkout/reserveStep.ts",
        find: "yield* Effect.mapError(ports.writes.reserve(request), refusedWrite)",
        replace: "yield* Effect.mapError(ports.writes.reserve(request), rejected)"
      },
      {
        file: "core/src/checkout/reserveStep.ts",
        find: `case "Held":
        return`,
        replace: `case "Held":
        reserved.add(plan)
        return`
      },
      {
        file: "core/src/checkout/reserveStep.ts",
        find: `const keys = stockKeys(plan)
    if (keys.length === 0) return`,
        replace: `const keys = stockKeys(plan)
    if (keys.length === 0 || !reserved.has(plan)) return`
      }
    ],
    breaks: "reservation.lives: every held unit has somebody who works for it",
    seenAs:
      "Needs a reservation whose answer is lost: the buyer is refused and the units stay held."
  },
  {
    name: "late-reserve-after-release",
    title: "A reservation that comes after its release is made",
    story: {
      happened:
        "In Seata a try that was held up by the network could arrive after its transaction had " +
        "been rolled back.",
      because: "A rollback that found nothing to undo left no trace for the late try to meet.",
      cost: "The late try reserved resources that no second phase would ever free."
    },
    source: {
      name: "Seata, issue 2711",
      url: "https://github.com/apache/incubator-seata/issues/2711"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/settle.ts",
        find: "yield* leaveTombstones(tables, on, batch)",
        replace: ""
      },
      {
        file: "core/src/checkout/reserveStep.ts",
        find: "const answer = yield* Effect.mapError(ports.writes.reserve(request), refusedWrite)",
        replace: `const late = Effect.fail(rejected({ _tag: "ReservationExpired" as const }))
    const answer = yield* Effect.mapError(ports.writes.reserve(request), refusedWrite).pipe(
      Effect.timeoutOrElse({ duration: 2_000, orElse: () => late })
    )`
      }
    ],
    breaks: "reservation.lives: a released order never holds units again",
    seenAs:
      "Needs a reservation that takes longer on its way than the time-out: its release is there " +
      "first and finds nothing, and then the units are held for nobody."
  },
  {
    name: "canceled-order-is-shipped",
    title: "A canceled order can be shipped",
    story: {
      happened: "GrandNode let staff create a shipment for an order that was canceled.",
      because: "Order and shipment had states of their own, and the one did not ask the other.",
      cost: "Nothing kept goods from leaving the house that nobody was going to pay for."
    },
    source: {
      name: "GrandNode, issue 1060",
      url: "https://github.com/grandnode/grandnode/issues/1060"
    },
    patches: [
      {
        file: "core/src/order/OrderState.ts",
        find: "canceled: {}",
        replace: `canceled: { Ship: "shipped" }`
      },
      {
        file: "core/src/order/OrderState.ts",
        find: "refunded: {}",
        replace: `refunded: { Ship: "shipped" }`
      }
    ],
    breaks: "paid.once: what is shipped was paid for",
    seenAs: "Needs staff who ship an order that was just canceled or refunded."
  }
]
