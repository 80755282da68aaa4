import type { Row } from "@doorbuster/adapters/postgres/rows"
import type { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import type { Work } from "@doorbuster/adapters/simulated/Work"
import { type Call, levels, move, type Order } from "./inventoryCalls.ts"
import { inventoryServer } from "./inventoryServer.ts"

/** What a statement came to: its rows, or SQLSTATE and message of its error. */
export type Outcome = ReadonlyArray<Row> | string

/** A statement that was sent; its outcome is undefined while it waits. */
export interface Sent {
  outcome: Outcome | undefined
}

const errorText = (error: unknown): string => {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return `${code}: ${message}`
}

/** A connection that can be left waiting while another one goes on. */
export class SimulatedSession {
  readonly #server: SimulatedServer
  #work: Work | null = null
  #breakOff: () => void = () => undefined

  constructor(server: SimulatedServer) {
    this.#server = server
  }

  /** Begins a transaction if there is none. A statement that fails ends it. */
  run(...[{ name }, parameters]: Call): Sent {
    const work = this.#work ?? this.#server.begin()
    this.#work = work
    const sent: Sent = { outcome: undefined }
    this.#breakOff = this.#server.run(work, name, parameters, (error, rows) => {
      sent.outcome = error === null ? rows : errorText(error)
      if (error !== null) this.rollback()
    })
    return sent
  }

  commit(): void {
    if (this.#work !== null) this.#server.commit(this.#work)
    this.#work = null
  }

  /** Breaks off what waits. */
  rollback(): void {
    this.#breakOff()
    if (this.#work !== null) this.#server.rollback(this.#work)
    this.#work = null
  }
}

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
