import type { Trace } from "./History.ts"
import { simulatedSchemas } from "./simulatedSchemas.ts"

/** Lists have a statement for each combination of filters. */
const nameOf = (statement: string): string => statement.replace(/\.list\..*/, ".list")

/** Those that find a row by a condition, so that their answer tells when it no longer holds. */
const conditional = new Set([
  "money.payments.send",
  "money.payments.lock_of_orders",
  "orders.orders.complete",
  "orders.sagas.lock_checkout",
  "orders.sagas.request_cancel",
  "orders.sagas.retry"
])

/** What has occurred over all histories of a run. */
export class Coverage {
  readonly #seen = new Map<string, number>()

  #add(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1)
  }

  note({ turns }: Trace, raced: number, orders: number, asks: number): void {
    this.#add("histories")
    if (raced > 0) this.#add("raced")
    if (orders > 0) this.#add("another order")
    if (asks > 0) this.#add("asked again")
    const waits = new Set<number>()
    for (const { changes } of turns) {
      for (const [client, { now, said }] of changes.entries()) {
        for (const entry of said) this.#line(entry, waits.has(client))
        if (said.length > 0) waits.delete(client)
        if (now === "waits" && !waits.has(client)) {
          waits.add(client)
          this.#add("waits")
        }
      }
    }
  }

  #line(entry: string, hasWaited: boolean): void {
    const [, names = "", answer = ""] = /^([^:=]+): (.*)$/s.exec(entry) ?? []
    for (const name of names.split(" ")) this.#add(nameOf(name))
    if (/^[0-9A-Z]{5}$/.test(answer)) this.#add(answer)
    else if (hasWaited) {
      const [first = ""] = names.split(" ")
      this.#add(conditional.has(first) && answer.startsWith("[]") ? "judged anew" : "waited")
    }
  }

  /** Statements and events that have not occurred. */
  missing(): ReadonlyArray<string> {
    const events = ["waits", "judged anew", "23505", "40001", "40P01"]
    const names = [...simulatedSchemas().handlers.keys()].map(nameOf)
    return [...new Set([...names, ...events])].filter((what) => !this.#seen.has(what))
  }

  /** How often what occurred. */
  get counts(): ReadonlyMap<string, number> {
    return this.#seen
  }
}
