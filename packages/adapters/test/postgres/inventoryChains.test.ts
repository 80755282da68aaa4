import { chainsOf } from "@doorbuster/adapters/postgres/inventory/chains"
import type { ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { orderId } from "@doorbuster/core/order/OrderId"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert, describe, test } from "vitest"

const requestOf = (n: number, keys: string): ReserveRequest => ({
  orderId: orderId(namedUuid(`order ${n}`)),
  epoch: 1,
  expiresAt: 0,
  lines: [...keys].map((key) => ({ key: key as StockKey, quantity: 1 }))
})

/** The chains of orders with these keys, as positions. */
const chains = (...keys: ReadonlyArray<string>) => {
  const requests = keys.map((own, i) => requestOf(i, own))
  return chainsOf(requests).map((chain) => chain.map((request) => requests.indexOf(request)))
}

describe("orders that are taken one by one", () => {
  test("wait for those before them that want the same key, and for no others", () => {
    assert.deepStrictEqual(chains("A", "B", "A", "C", "B"), [[0, 2], [1, 4], [3]])
  })

  test("keep their order where one of them ties two chains together", () => {
    assert.deepStrictEqual(chains("A", "B", "A", "AB", "B"), [[0, 1, 2, 3, 4]])
    assert.deepStrictEqual(chains("B", "A", "C", "AC", "B", "BC"), [[0, 1, 2, 3, 4, 5]])
  })

  test("without any line are chains of their own", () => {
    assert.deepStrictEqual(chains("", ""), [[0], [1]])
  })
})
