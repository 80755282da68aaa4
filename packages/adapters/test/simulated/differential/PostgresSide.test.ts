/**
 * Goal: what passes by itself is not taken for a wait that lasts until somebody's next turn.
 * Method: a client that waits for a whole table, as it does when the server cleans up after what
 * was deleted; and one that waits for a row.
 */
import type { Database } from "@doorbuster/adapters/postgres/Database"
import * as inventory from "@doorbuster/adapters/postgres/inventory/statements"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, test } from "vitest"
import { postgresSide } from "./PostgresSide.ts"

const waiters = {
  name: "waiters",
  text: `select count(*) as n from pg_locks l join pg_stat_activity a using (pid)
    where not l.granted and a.application_name = 'client-0'`
}
const addRow = "insert into inventory.stock (sku, segment, received) values ('A', 0, 1)"

/** Whether client 0 is said to wait while client 1 holds what the SQL locks. */
const isSaidToWait = (sql: string) =>
  Effect.gen(function* () {
    const side = yield* postgresSide(2)
    const [client, other] = side.databases as [Database, Database]
    yield* other.transaction("test", (transaction) => transaction.script(addRow))
    // A transaction sees the backends that there were when it first looked: let this be one.
    yield* client.query("test", waiters)
    const [held, waiting] = yield* other.transaction("test", (transaction) =>
      Effect.gen(function* () {
        yield* transaction.script(sql)
        const locking = yield* Effect.forkChild(client.query("test", inventory.lock, [["A"]]))
        while ((yield* transaction.query(waiters))[0]?.["n"] !== 1) yield* Effect.sleep(1)
        return [locking, yield* Effect.promise(() => side.waiting([0]))] as const
      })
    )
    yield* Fiber.join(held)
    return waiting.has(0)
  }).pipe(Effect.scoped, Effect.runPromise)

test("a client that waits for a row waits for its holder's next turn", async () => {
  expect(await isSaidToWait("select from inventory.stock for update")).toBe(true)
})

test("a client that waits for a table does not", async () => {
  expect(await isSaidToWait("lock table inventory.stock")).toBe(false)
})
