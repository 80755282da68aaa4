import { choose, StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import fc from "fast-check"
import type { PortCall } from "../Action.ts"
import { anOrder, at, batchOf, call, done, epoch, orderIds, uuidOf } from "./world.ts"

const keys = ["A", "B", "coupon:X"]
/** Nobody has put it on sale before the history begins. */
const freshKey = "C"
const aKey = fc.constantFrom("A", "A", "B", freshKey, "coupon:X")

/** What an order is usually about, so that whoever settles it names the same keys. */
const linesOf = (orderId: string): ReadonlyArray<string> => {
  const usual = [["A"], ["A", "B"], ["B"], ["A", "coupon:X"]]
  return usual[orderIds.indexOf(orderId)] ?? keys
}

const aChoice = fc.constantFrom(...StockStrategy.literals.map((name) => choose(name, 2)))

const aLine = (key: string) =>
  fc.record({
    key: fc.constant(key),
    quantity: fc.constantFrom(1, 1, 2, 3),
    ...(key.startsWith("coupon") ? { allowance: fc.constantFrom(1, 2, 4) } : {})
  })

const keysOf = (orderId: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(linesOf(orderId)) },
    { weight: 1, arbitrary: fc.subarray([...keys, freshKey].sort(), { minLength: 1 }) }
  )

const reservation = anOrder.chain((orderId) =>
  fc.record({
    orderId: fc.constant(orderId),
    epoch,
    expiresAt: fc.constant(at),
    lines: keysOf(orderId).chain((own) => fc.tuple(...own.map(aLine)))
  })
)

const reference = anOrder.chain((orderId) =>
  fc.record({ orderId: fc.constant(orderId), epoch, keys: keysOf(orderId) })
)

const release = fc
  .tuple(reference, fc.constantFrom("released", "expired"))
  .map(([ref, as]) => ({ ...ref, as }))

const giveBack = anOrder.chain((orderId) =>
  fc.record({
    returnId: fc.constantFrom(...[21, 22].map(uuidOf)),
    orderId: fc.constant(orderId),
    lines: keysOf(orderId).chain((own) =>
      fc.tuple(...own.map((key) => fc.record({ key: fc.constant(key), quantity: fc.constant(1) })))
    )
  })
)

const movement = fc.record({
  movementId: fc.constantFrom(...[31, 32, 33].map(uuidOf)),
  key: aKey,
  quantity: fc.constantFrom(5, 2, -1, -2),
  kind: fc.constantFrom("receipt", "write_off"),
  reason: fc.constant("test"),
  occurredAt: fc.constant(at)
})

const fencing = fc.record({ orderId: anOrder, epoch: fc.constantFrom(1, 2, 3) })

const byOrder = ({ orderId }: { readonly orderId: string }) => orderId

export const inventoryCall: fc.Arbitrary<PortCall> = fc.oneof(
  { weight: 8, arbitrary: call("inventory", "reserve", batchOf(reservation, byOrder)) },
  { weight: 3, arbitrary: call("inventory", "commit", batchOf(reference, byOrder)) },
  { weight: 3, arbitrary: call("inventory", "release", batchOf(release, byOrder)) },
  { weight: 3, arbitrary: call("inventory", "giveBack", batchOf(giveBack)) },
  { weight: 4, arbitrary: call("inventory", "move", batchOf(movement)) },
  { weight: 2, arbitrary: call("inventory", "fence", batchOf(fencing, byOrder)) },
  {
    weight: 2,
    arbitrary: call("inventory", "setStrategy", aKey, aChoice)
  },
  { weight: 2, arbitrary: call("inventory", "rebalance", aKey) },
  { weight: 1, arbitrary: call("inventory", "strategies", fc.constant(keys)) },
  { weight: 1, arbitrary: call("inventory", "levels", fc.constant(keys)) },
  { weight: 1, arbitrary: call("inventory", "reservations", anOrder, fc.constant(keys)) }
)

export const receipt = (n: number, key: string, quantity: number) => ({
  movementId: uuidOf(40 + n),
  key,
  quantity,
  kind: "receipt",
  reason: "opening",
  occurredAt: at
})

const held = (orderId: string) => ({
  orderId,
  epoch: 1,
  expiresAt: at,
  lines: linesOf(orderId).map((key) =>
    key.startsWith("coupon") ? { key, quantity: 1, allowance: 2 } : { key, quantity: 1 }
  )
})

const ref = (orderId: string) => ({ orderId, epoch: 1, keys: linesOf(orderId) })

/** What may have happened before, in this order. */
export const inventoryOpening: ReadonlyArray<PortCall> = [
  done("inventory", "move", [receipt(1, "A", 4), receipt(2, "B", 3)]),
  done("inventory", "setStrategy", "A", choose("pessimistic", 1)),
  done("inventory", "setStrategy", "B", choose("optimistic", 1)),
  done("inventory", "setStrategy", "A", choose("segmented", 3)),
  done("inventory", "setStrategy", "B", choose("queued", 1)),
  done("inventory", "reserve", [held(uuidOf(1)), held(uuidOf(2))]),
  done("inventory", "reserve", [held(uuidOf(4))]),
  done("inventory", "commit", [ref(uuidOf(1)), ref(uuidOf(4))]),
  done("inventory", "fence", [{ orderId: uuidOf(3), epoch: 2 }])
]

/** More buyers than units, each with orders of its own, whatever the keys' strategies are. */
export const rushCall: fc.Arbitrary<PortCall> = fc.oneof(
  {
    weight: 8,
    arbitrary: call(
      "inventory",
      "reserve",
      batchOf(
        fc.record({
          orderId: fc.integer({ min: 100, max: 140 }).map(uuidOf),
          epoch: fc.constant(1),
          expiresAt: fc.constant(at),
          lines: fc
            .constantFrom(["A"], ["A"], ["A", "B"], ["A", "coupon:X"])
            .chain((own) => fc.tuple(...own.map(aLine)))
        }),
        byOrder
      )
    )
  },
  {
    weight: 1,
    arbitrary: call("inventory", "setStrategy", fc.constant("A"), aChoice)
  }
)
