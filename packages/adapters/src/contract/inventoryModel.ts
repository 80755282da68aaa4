import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { nextUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as fc from "fast-check"
import { afterAll, describe, test } from "vitest"
import { freshOrders } from "./fresh.ts"
import { histories, type Real } from "./inventory/commands.ts"
import { freshKey } from "./inventory/fixtures.ts"
import type { Paper, PaperLine } from "./inventory/paper.ts"

const ORDERS = 6
const RETURNS = 12
const MOVEMENTS = 20

/** Goods, goods, and the uses of a coupon. */
const goods = 2
const coupon = 2

const quantity = fc.integer({ min: 1, max: 3 })
const line = (key: number): fc.Arbitrary<PaperLine> =>
  key === coupon
    ? fc.record({ key: fc.constant(key), quantity, allowance: fc.integer({ min: 1, max: 6 }) })
    : fc.record({ key: fc.constant(key), quantity })

/** Who will want what, if they come: fixed for a history, as ids never change their content. */
const plans = fc.record({
  received: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: goods, maxLength: goods }),
  lines: fc.array(
    fc.subarray([0, 1, coupon], { minLength: 1 }).chain((keys) => fc.tuple(...keys.map(line))),
    { minLength: ORDERS, maxLength: ORDERS }
  ),
  returns: fc.array(
    fc.record({
      order: fc.nat({ max: ORDERS - 1 }),
      key: fc.nat({ max: coupon }),
      quantity: fc.integer({ min: 1, max: 2 })
    }),
    { minLength: RETURNS, maxLength: RETURNS }
  )
})
type Plan = typeof plans extends fc.Arbitrary<infer A> ? A : never

/** Fresh names in the store, with what the plan puts on sale; a zero leaves the key unknown. */
const names = Effect.fnUntraced(function* (plan: Plan) {
  const inventory = yield* Inventory
  const some = (count: number) => Effect.forEach(Array.from({ length: count }), () => nextUuid)
  const skus = [yield* freshKey, yield* freshKey].sort()
  const keys = [...skus, `coupon:${yield* freshKey}` as StockKey]
  for (const [i, units] of plan.received.entries()) {
    const [movementId, key] = [yield* nextUuid, skus[i]]
    if (units === 0 || key === undefined) continue
    const receipt = { movementId, key, quantity: units, kind: "receipt" as const }
    yield* inventory.move([{ ...receipt, reason: "model", occurredAt: 0 }])
  }
  const orders = yield* freshOrders(ORDERS)
  return { keys, orders, movements: yield* some(MOVEMENTS), returns: yield* some(RETURNS) }
})

const blank = (plan: Plan): Paper => ({
  levels: [
    ...plan.received.map((units) =>
      units === 0 ? undefined : { received: units, reserved: 0, sold: 0 }
    ),
    undefined
  ],
  orders: plan.lines.map((lines) => {
    return { lines, epoch: 0, seen: 0, state: "none", returned: new Map() }
  }),
  returns: plan.returns,
  returned: new Set(),
  movements: new Map()
})

/**
 * Any history of commands leaves an `Inventory` as bookkeeping on paper says: each outcome by its
 * tag, and after each command every level and every reservation. A failure prints the seed and the
 * shortest history that shows it.
 */
export const inventoryModel = <E>(
  name: string,
  adapter: Layer.Layer<Inventory, E>,
  options: { readonly numRuns?: number; readonly seed?: number } = {}
): void => {
  describe(`Inventory model: ${name}`, () => {
    const runtime = ManagedRuntime.make(adapter)
    afterAll(() => runtime.dispose())
    const run: Real["run"] = (write) => runtime.runPromise(Effect.flatMap(Inventory, write))

    test("agrees with the paper over any history", { timeout: 120_000 }, async () => {
      const property = fc.asyncProperty(plans, histories, async (plan, history) => {
        const real = { run, ...(await runtime.runPromise(names(plan))) }
        await fc.asyncModelRun(() => ({ model: blank(plan), real }), history)
      })
      await fc.assert(property, { numRuns: 100, ...options })
    })
  })
}
