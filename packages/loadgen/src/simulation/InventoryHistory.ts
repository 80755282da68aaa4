import type { Inventory } from "@doorbuster/core/inventory/Inventory"
import { isAllowance, type StockKey } from "@doorbuster/core/inventory/StockKey"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import { encode, type Verb } from "../history/Operation.ts"

type Port = (typeof Inventory)["Service"]

interface Units {
  readonly key: StockKey
  readonly quantity: number
}

/** Something that was asked for, perhaps several times with the same id, and not yet answered. */
interface Asked {
  readonly callNs: bigint
  readonly verb: Verb
  readonly units: ReadonlyArray<Units>
}

/**
 * Writes down what the store processes do to the stock, as they see it at the inventory port.
 *
 * A write is idempotent by its id, so that asking again is the same operation: it lasts from the
 * first asking to the first answer, and is unknown when none ever comes. A release says nothing
 * about whether there was something to release; it is written for orders that hold units.
 */
export class InventoryHistory {
  readonly #prefix: string
  readonly #nowMs: () => number
  readonly #write: (line: string) => void
  readonly #asked = new Map<string, Asked>()
  readonly #answered = new Set<string>()
  readonly #held = new Map<string, ReadonlyArray<Units>>()
  #last = 0n
  #clients = 0

  /** `prefix` tells the SKUs of one run from those of another. */
  constructor(prefix: string, nowMs: () => number, write: (line: string) => void) {
    this.#prefix = prefix
    this.#nowMs = nowMs
    this.#write = write
  }

  /** The port of one process, with everything that passes written down. */
  recorded(port: Port): Port {
    return {
      ...port,
      reserve: (batch) => {
        for (const { lines, orderId } of batch) this.#ask(`reserve ${orderId}`, "reserve", lines)
        return this.#answers(batch, port.reserve(batch), ({ lines, orderId }, outcome) => {
          const id = `reserve ${orderId}`
          if (outcome._tag === "Held") {
            this.#held.set(orderId, lines)
            this.#answer(id, lines, true)
          } else if (outcome._tag === "OutOfStock") {
            this.#refuse(id, outcome.key, outcome.requested)
          } else this.#forget(id)
        })
      },
      commit: (batch) => {
        for (const { orderId } of batch) {
          this.#ask(`commit ${orderId}`, "commit", this.#held.get(orderId) ?? [])
        }
        return this.#answers(batch, port.commit(batch), ({ orderId }, { _tag }) =>
          _tag === "Committed"
            ? this.#answer(`commit ${orderId}`, this.#held.get(orderId) ?? [], true)
            : this.#forget(`commit ${orderId}`)
        )
      },
      release: (batch) => {
        for (const { orderId } of batch) {
          const units = this.#held.get(orderId) ?? this.#asked.get(`reserve ${orderId}`)?.units
          this.#ask(`release ${orderId}`, "release", units ?? [])
        }
        return this.#answers(batch, port.release(batch), ({ orderId }, { _tag }) => {
          const held = this.#held.get(orderId)
          if (_tag === "Released" && held !== undefined) {
            this.#answer(`release ${orderId}`, held, true)
          } else if (_tag !== "Released" || !this.#asked.has(`reserve ${orderId}`)) {
            this.#forget(`release ${orderId}`)
          }
        })
      },
      giveBack: (batch) => {
        for (const { lines, returnId } of batch) {
          this.#ask(`return ${returnId} ${JSON.stringify(lines)}`, "give_back", lines)
        }
        return this.#answers(batch, port.giveBack(batch), ({ lines, returnId }, { _tag }) => {
          const id = `return ${returnId} ${JSON.stringify(lines)}`
          if (_tag === "Returned") this.#answer(id, lines, true)
          else this.#forget(id)
        })
      },
      move: (batch) => {
        for (const { key, movementId, quantity } of batch) {
          this.#ask(`move ${movementId}`, "receive", [{ key, quantity }])
        }
        return this.#answers(batch, port.move(batch), ({ key, movementId, quantity }, outcome) => {
          const id = `move ${movementId}`
          if (outcome._tag === "Moved") this.#answer(id, [{ key, quantity }], true)
          else this.#forget(id)
        })
      }
    }
  }

  /** What never had an answer may have been done. */
  end(): void {
    for (const { callNs, units, verb } of this.#asked.values()) {
      for (const line of units) this.#line(verb, line, callNs, null, false)
    }
  }

  #answers<Item, Answer>(
    batch: ReadonlyArray<Item>,
    answers: Effect.Effect<ReadonlyArray<Answer>, StorageError>,
    each: (item: Item, answer: Answer) => void
  ): Effect.Effect<ReadonlyArray<Answer>, StorageError> {
    return Effect.map(answers, (all) => {
      for (const [i, item] of batch.entries()) each(item, all[i] as Answer)
      return all
    })
  }

  #ask(id: string, verb: Verb, units: ReadonlyArray<Units>): void {
    if (this.#asked.has(id) || this.#answered.has(id)) return
    this.#asked.set(id, { callNs: this.#stamp(), verb, units })
  }

  #forget(id: string): void {
    this.#asked.delete(id)
  }

  #answer(id: string, units: ReadonlyArray<Units>, ok: boolean): void {
    const asked = this.#asked.get(id)
    if (asked === undefined) return
    this.#asked.delete(id)
    this.#answered.add(id)
    const retNs = this.#stamp()
    for (const line of units) this.#line(asked.verb, line, asked.callNs, retNs, ok)
  }

  /** All or none: a refusal says of one key only that it was short. It may be asked for anew. */
  #refuse(id: string, key: StockKey, quantity: number): void {
    const asked = this.#asked.get(id)
    if (asked === undefined) return
    this.#asked.delete(id)
    this.#line(asked.verb, { key, quantity }, asked.callNs, this.#stamp(), false)
  }

  #line(op: Verb, { key, quantity }: Units, callNs: bigint, retNs: bigint | null, ok: boolean) {
    if (isAllowance(key)) return
    const client = `operation ${++this.#clients}`
    const sku = `${this.#prefix}${key}`
    const told = { ok, val: null, unknown: retNs === null }
    this.#write(encode({ client, callNs, retNs, op, sku, qty: quantity, ...told }))
  }

  /** Virtual time stands still for many steps; what was stamped first came first. */
  #stamp(): bigint {
    const now = BigInt(this.#nowMs()) * 1_000_000n
    this.#last = now > this.#last ? now : this.#last + 1n
    return this.#last
  }
}
