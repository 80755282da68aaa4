import type {
  Inventory,
  ReservationRef,
  ReserveRequest
} from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { StrategyChoice } from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import type * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { assert } from "vitest"
import { choices, later } from "./fixtures.ts"
import * as Paper from "./paper.ts"

/** A store under test, with the real names of what the paper only numbers. */
export interface Real {
  readonly run: <A>(
    write: (inventory: Inventory["Service"]) => Effect.Effect<A, StorageError>
  ) => Promise<A>
  readonly keys: ReadonlyArray<StockKey>
  readonly orders: ReadonlyArray<OrderId>
  readonly movements: ReadonlyArray<Uuid>
  readonly returns: ReadonlyArray<Uuid>
}

type Command = fc.AsyncCommand<Paper.Paper, Real>

const at = <A>(items: ReadonlyArray<A>, index: number): A => items[index % items.length] as A

/** Every figure on paper is the figure in the store. */
const compare = async (paper: Paper.Paper, real: Real) => {
  const levels = await real.run((inventory) => inventory.levels(real.keys))
  const sums = real.keys.map((key): Paper.PaperLevel | undefined => {
    const segments = levels.filter((level) => level.key === key)
    const sum = (of: keyof Paper.PaperLevel) => segments.reduce((n, level) => n + level[of], 0)
    if (segments.length === 0) return undefined
    return { received: sum("received"), reserved: sum("reserved"), sold: sum("sold") }
  })
  assert.deepStrictEqual(sums, paper.levels, "levels")
  for (const [i, order] of paper.orders.entries()) {
    const rows = await real.run((inventory) =>
      inventory.reservations(at(real.orders, i), real.keys)
    )
    const units = (from: typeof rows) => from.reduce((n, row) => n + row.quantity, 0)
    const own = order.lines.reduce((n, line) => n + line.quantity, 0)
    const live = rows.filter(({ state }) => state === "held" || state === "committed")
    const holds = order.state === "held" || order.state === "committed"
    assert.strictEqual(units(live), holds ? own : 0, `units of order ${i}`)
    assert.deepStrictEqual(
      live.filter(({ state }) => state !== order.state),
      [],
      `order ${i} is ${order.state}`
    )
  }
}

/** One command: what the paper says, what the store says, and then every figure. */
const command = (
  text: string,
  expected: (paper: Paper.Paper) => ReadonlyArray<string>,
  run: (paper: Paper.Paper, real: Real) => Promise<ReadonlyArray<{ readonly _tag: string }>>
): Command => ({
  check: () => true,
  run: async (paper, real) => {
    // The store goes first: the epoch that a writer comes with is read off the paper as it was.
    const outcomes = await run(paper, real)
    assert.deepStrictEqual(
      outcomes.map(({ _tag }) => _tag),
      [...expected(paper)],
      text
    )
    await compare(paper, real)
  },
  toString: () => text
})

interface Writer {
  readonly order: number
  readonly owner: Paper.Owner
}

const refs = (paper: Paper.Paper, real: Real, writers: ReadonlyArray<Writer>) =>
  writers.map(({ order, owner }): ReservationRef => {
    const own = at(paper.orders, order)
    const keys = own.lines.map(({ key }) => at(real.keys, key))
    return { orderId: at(real.orders, order), epoch: Paper.epochOf(own, owner), keys }
  })

const requests = (paper: Paper.Paper, real: Real, writers: ReadonlyArray<Writer>) =>
  refs(paper, real, writers).map(({ epoch, orderId }, i): ReserveRequest => {
    const lines = at(paper.orders, at(writers, i).order).lines
    return {
      orderId,
      epoch,
      expiresAt: later,
      lines: lines.map(({ allowance, key, quantity }) => {
        const line = { key: at(real.keys, key), quantity }
        return allowance === undefined ? line : { ...line, allowance }
      })
    }
  })

/** Each writer's answer on paper; epochs are fixed first, as they were when the batch was sent. */
const onPaper = (
  paper: Paper.Paper,
  writers: ReadonlyArray<Writer>,
  write: (order: Paper.PaperOrder, epoch: number) => string
) =>
  writers
    .map(({ order, owner }) => {
      const own = at(paper.orders, order)
      return { own, epoch: Paper.epochOf(own, owner) }
    })
    .map(({ epoch, own }) => write(own, epoch))

const owner = fc.constantFrom<Paper.Owner>("latest", "latest", "latest", "earlier", "next")
const natural = fc.nat({ max: 59 })
const writer = fc.record({ order: fc.nat({ max: 5 }), owner })

/** A batch of different orders, at times with a twin of its first item behind. */
const writers = fc
  .tuple(
    fc.uniqueArray(writer, { selector: ({ order }) => order, minLength: 1, maxLength: 4 }),
    fc.boolean()
  )
  .map(([batch, twin]) => (twin ? [...batch, ...batch.slice(0, 1)] : batch))

const named = (verb: string, batch: ReadonlyArray<Writer>) =>
  `${verb}(${batch.map(({ order, owner }) => `order ${order} by the ${owner} owner`).join(", ")})`

const reserve = (batch: ReadonlyArray<Writer>) =>
  command(
    named("reserve", batch),
    (paper) => onPaper(paper, batch, (order, epoch) => Paper.reserve(paper, order, epoch)),
    (paper, real) => real.run((inventory) => inventory.reserve(requests(paper, real, batch)))
  )

const commit = (batch: ReadonlyArray<Writer>) =>
  command(
    named("commit", batch),
    (paper) => onPaper(paper, batch, (order, epoch) => Paper.commit(paper, order, epoch)),
    (paper, real) => real.run((inventory) => inventory.commit(refs(paper, real, batch)))
  )

const release = (batch: ReadonlyArray<Writer>, as: "released" | "expired") =>
  command(
    named(as, batch),
    (paper) => onPaper(paper, batch, (order, epoch) => Paper.release(paper, order, epoch, as)),
    (paper, real) =>
      real.run((inventory) =>
        inventory.release(refs(paper, real, batch).map((ref) => ({ ...ref, as })))
      )
  )

const fence = (batch: ReadonlyArray<Writer>) =>
  command(
    named("fence", batch),
    (paper) => {
      onPaper(paper, batch, (order, epoch) => String(Paper.fence(order, epoch)))
      return []
    },
    async (paper, real) => {
      await real.run((inventory) => inventory.fence(refs(paper, real, batch)))
      return []
    }
  )

const giveBack = (batch: ReadonlyArray<number>) =>
  command(
    `giveBack(${batch.join()})`,
    (paper) => batch.map((id) => Paper.giveBack(paper, id % paper.returns.length)),
    (paper, real) =>
      real.run((inventory) =>
        inventory.giveBack(
          batch.map((id) => {
            const { key, order, quantity } = at(paper.returns, id)
            const orderId = at(real.orders, order)
            const returnId = at(real.returns, id % paper.returns.length)
            return { returnId, orderId, lines: [{ key: at(real.keys, key), quantity }] }
          })
        )
      )
  )

const move = (id: number, key: number, quantity: number) =>
  command(
    `move(${id}, key ${key}, ${quantity})`,
    (paper) => [Paper.move(paper, id % 20, key % paper.levels.length, quantity)],
    (_paper, real) =>
      real.run((inventory) =>
        inventory.move([
          {
            movementId: at(real.movements, id % 20),
            key: at(real.keys, key),
            quantity,
            kind: quantity > 0 ? "receipt" : "write_off",
            reason: "model",
            occurredAt: 0
          }
        ])
      )
  )

const setStrategy = (key: number, choice: StrategyChoice) =>
  command(
    `setStrategy(key ${key}, ${choice.strategy})`,
    () => [],
    async (_paper, real) => {
      await real.run((inventory) => inventory.setStrategy(at(real.keys, key), choice))
      return []
    }
  )

const rebalance = (key: number) =>
  command(
    `rebalance(key ${key})`,
    () => [],
    async (_paper, real) => {
      await real.run((inventory) => inventory.rebalance(at(real.keys, key)))
      return []
    }
  )

/** Any history of a few keys and a few orders. */
export const histories = fc.commands(
  [
    writers.map(reserve),
    writers.map(commit),
    fc.tuple(writers, fc.constantFrom("released", "expired")).map(([b, as]) => release(b, as)),
    writers.map(fence),
    fc.array(natural, { minLength: 1, maxLength: 3 }).map(giveBack),
    fc
      .tuple(
        natural,
        natural,
        fc.integer({ min: -3, max: 4 }).filter((n) => n !== 0)
      )
      .map(([id, key, quantity]) => move(id, key, quantity)),
    fc.tuple(natural, fc.constantFrom(...choices)).map(([k, s]) => setStrategy(k, s)),
    natural.map(rebalance)
  ],
  { maxCommands: 30, size: "max" }
)
