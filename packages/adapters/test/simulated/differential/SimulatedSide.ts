import { setImmediate as nextTick } from "node:timers/promises"
import { directLink } from "@doorbuster/adapters/simulated/Link"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import type { Slot, Waiter } from "@doorbuster/adapters/simulated/Table"
import type { Work } from "@doorbuster/adapters/simulated/Work"
import type { Choices } from "./Choices.ts"
import { contentsOf } from "./contents.ts"
import type { Side } from "./Side.ts"
import { simulatedSchemas } from "./simulatedSchemas.ts"

/** Any time will do: nothing that is compared depends on it. */
const now = 1_700_000_000_000

/** A server that lets be seen which client's transaction is which, and who wakes first. */
class ObservedServer extends SimulatedServer {
  /** The client whose turn it is. */
  client = 0
  readonly works: Array<Work | undefined> = []
  #choices: Choices

  constructor(
    handlers: ConstructorParameters<typeof SimulatedServer>[0],
    options: ConstructorParameters<typeof SimulatedServer>[1],
    choices: Choices
  ) {
    super(handlers, options)
    this.#choices = choices
  }

  override begin(): Work {
    const work = super.begin()
    this.works[this.client] = work
    return work
  }

  override commit(work: Work): boolean {
    this.#order(work)
    return super.commit(work)
  }

  override rollback(work: Work): void {
    this.#order(work)
    super.rollback(work)
  }

  /** Brings those who wait for the work into the order that was chosen. */
  #order(work: Work): void {
    const waiters = [...work.locked].flatMap((slot) =>
      slot.holder === work ? slot.waiters.map((waiter) => ({ slot, waiter })) : []
    )
    if (waiters.length < 2) return
    const order = this.#choices.next(waiters)
    const rank = (slot: Slot, waiter: Waiter) =>
      order.findIndex((item) => item.slot === slot && item.waiter === waiter)
    for (const slot of work.locked) slot.waiters.sort((a, b) => rank(slot, a) - rank(slot, b))
    const first = (slot: Slot) => order.findIndex((item) => item.slot === slot)
    const slots = [...work.locked].sort((a, b) => first(a) - first(b))
    work.locked.clear()
    for (const slot of slots) work.locked.add(slot)
  }
}

export class SimulatedSide implements Side {
  readonly databases: Side["databases"]
  readonly #server: ObservedServer
  readonly #schemas = simulatedSchemas()
  /** Looks for a deadlock on behalf of a transaction that waits. */
  readonly #checks = new Map<Work, () => void>()

  constructor(clients: number, choices: Choices) {
    const after = (_: number, task: () => void) => this.#after(task)
    const { handlers } = this.#schemas
    this.#server = new ObservedServer(handlers, { now: () => now, after }, choices)
    this.databases = Array.from({ length: clients }, () =>
      SimulatedDatabase.make({ server: this.#server, link: directLink, after, poolMax: 1 })
    )
  }

  /** The server asks for a check in the moment in which a transaction begins to wait. */
  #after(check: () => void): () => void {
    const works = this.#server.works
    const work = works.find((it) => it?.waitingFor != null && !this.#checks.has(it))
    if (work === undefined) throw new Error("nobody waits")
    this.#checks.set(work, check)
    return () => this.#checks.delete(work)
  }

  turn(client: number): void {
    this.#server.client = client
  }

  async waiting(clients: ReadonlyArray<number>): Promise<ReadonlySet<number>> {
    return new Set(clients.filter((client) => this.#server.works[client]?.waitingFor != null))
  }

  /** The client's deadlock time-out is over. */
  check(client: number): void {
    const work = this.#server.works[client]
    if (work !== undefined) this.#checks.get(work)?.()
  }

  async pause(): Promise<void> {
    await nextTick()
  }

  async contents() {
    return contentsOf(this.#schemas.rows())
  }
}
