import { levels, move, type Order } from "./inventoryCalls.ts"
import { inventoryServer } from "./inventoryServer.ts"
import { SimulatedSession } from "./SimulatedSession.ts"

/** The n-th id of orders, movements and returns. */
export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`
/** An order of one key. */
export const order = (n: number, key: string, quantity = 1, epoch = 1): Order => ({
  orderId: id(n),
  epoch,
  lines: [{ key, quantity }]
})
/** An order of one use of a coupon. */
export const coupon = (n: number, allowance: number): Order => ({
  orderId: id(n),
  epoch: 1,
  lines: [{ key: "coupon:C", quantity: 1, allowance }]
})

/** Three sessions, and three units each of `A` and of `B`. */
export const open = () => {
  const { server, tables } = inventoryServer()
  const [one, other] = [new SimulatedSession(server), new SimulatedSession(server)]
  const third = new SimulatedSession(server)
  one.run(...move(id(901), "A", 3))
  one.run(...move(id(902), "B", 3))
  one.commit()
  const level = (key: string) => {
    const { outcome } = new SimulatedSession(server).run(...levels(key))
    const [row] = outcome as ReadonlyArray<Record<string, unknown>>
    return row && [row["received"], row["reserved"], row["sold"]]
  }
  return { one, other, third, level, tables }
}
