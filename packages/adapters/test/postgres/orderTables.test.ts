import { moveOf, openedFor, orderIn, placed } from "@doorbuster/adapters/contract/orders/fixtures"
import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { minor } from "@doorbuster/core/money/Minor"
import { initial, transitions } from "@doorbuster/core/order/OrderState"
import { Orders } from "@doorbuster/core/order/Orders"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ordersSql, refusalOf } from "./sql.ts"
import { databaseLayer } from "./testDatabase.ts"

const store = Layer.merge(OrdersPostgres.layer, SagasPostgres.layer).pipe(
  Layer.provideMerge(databaseLayer("orders"))
)

layer(store, { excludeTestServices: true })("The tables of orders", (it) => {
  it.effect("know exactly the transitions that the program knows", () =>
    Effect.gen(function* () {
      const db = yield* OrdersDatabase
      const rows = yield* db.query("test", {
        name: "test.transitions",
        text: "select from_state, event, to_state from orders.transitions"
      })
      const known = Object.entries(transitions).flatMap(([from, row]) =>
        Object.entries(row).map(([event, to]) => `${from} ${event} ${to}`)
      )
      const stored = rows.map((row) => `${row["from_state"]} ${row["event"]} ${row["to_state"]}`)
      assert.deepStrictEqual(stored.sort(), [...known, `null Place ${initial}`].sort())
    })
  )

  it.effect("refuse a change of state that is not in the table of transitions", () =>
    Effect.gen(function* () {
      const { orderId } = yield* placed
      const detail = yield* refusalOf(
        ordersSql(`update orders.orders set state = 'completed' where order_id = '${orderId}'`)
      )
      assert.match(detail, /cannot go from pending_payment to completed/)
    })
  )

  it.effect("refuse an event that does not lead where it says", () =>
    Effect.gen(function* () {
      const { orderId } = yield* placed
      const detail = yield* refusalOf(
        ordersSql(`
          insert into orders.order_events (order_id, seq, event, from_state, to_state, saga_id, at)
          values ('${orderId}', 2, 'Ship', 'pending_payment', 'shipped', '${orderId}', now())`)
      )
      assert.match(detail, /Ship does not lead from pending_payment to shipped/)
    })
  )

  it.effect("tell a refund's move that comes again from a further refund", () =>
    Effect.gen(function* () {
      const orders = yield* Orders
      const { account, orderId } = yield* orderIn("shipped")
      const refunds = [yield* openedFor(orderId, account), yield* openedFor(orderId, account)]
      const moves = refunds.map(({ sagaId }, index) =>
        moveOf(orderId, sagaId, "PartialRefund", { refundedTotal: minor(BigInt(2 - index) * 100n) })
      )
      yield* orders.move(moves)
      const again = yield* orders.move([...moves, ...moves])
      assert.deepStrictEqual(new Set(again.map(({ _tag }) => _tag)), new Set(["Moved"]))
      const history = yield* orders.history(orderId, 0)
      assert.deepStrictEqual(
        history.map(({ event, seq }) => `${seq} ${event}`),
        ["1 Place", "2 Capture", "3 Ship", "4 PartialRefund", "5 PartialRefund"]
      )
      assert.strictEqual((yield* orders.find(orderId))?.refundedTotal, 200n)
    })
  )

  it.effect("refuse to change or forget history", () =>
    Effect.gen(function* () {
      const { orderId } = yield* orderIn("paid")
      const where = `where order_id = '${orderId}'`
      for (const statement of [
        `update orders.order_events set event = 'Cancel' ${where}`,
        `delete from orders.order_events ${where}`,
        "truncate orders.order_events"
      ]) {
        assert.match(yield* refusalOf(ordersSql(statement)), /order_events is append-only/)
      }
    })
  )

  it.effect("refuse totals that are not the sum of their parts", () =>
    Effect.gen(function* () {
      const { orderId } = yield* placed
      const where = `where order_id = '${orderId}'`
      const order = ordersSql(`update orders.orders set total = total + 1 ${where}`)
      const line = ordersSql(`update orders.order_lines set discount = 99 ${where}`)
      assert.match(yield* refusalOf(order), /total_is_the_sum_of_its_parts/)
      assert.match(yield* refusalOf(line), /total_is_the_sum_of_its_parts/)
    })
  )

  it.effect("let a superuser tamper once the triggers are off", () =>
    Effect.gen(function* () {
      const { orderId } = yield* placed
      yield* ordersSql(`
        alter table orders.orders disable trigger order_moves_legally;
        update orders.orders set state = 'completed' where order_id = '${orderId}';
        alter table orders.orders enable trigger order_moves_legally`)
    })
  )
})
