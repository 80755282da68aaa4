import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Asking, type Decision } from "../history/Asking.ts"
import type { HistoryUnwritable } from "../history/errors.ts"
import type { HistoryRecorder } from "../history/HistoryRecorder.ts"
import type { Answer, Buyer } from "./Buyer.ts"

/** What a buyer was told, and between which two moments. */
interface Told {
  readonly answer: Answer
  readonly askedNs: bigint
  readonly toldNs: bigint
}

const decisionOf = (answer: Answer, sku: string): Decision => {
  if (answer._tag === "Won") return { _tag: "Accepted" }
  return { _tag: "Refused", sku: answer._tag === "SoldOut" ? sku : undefined }
}

/**
 * What the buyers of one unit each were told in a rush, for `store check --history`. It is kept in
 * memory, because a load generator's callbacks cannot wait for a file.
 */
export class SaleHistory {
  readonly #recorder: HistoryRecorder
  readonly #sku: string
  readonly #asked = new Map<Buyer, Asking>()
  readonly #told = new Map<Buyer, Told>()

  constructor(recorder: HistoryRecorder, sku: string) {
    this.#recorder = recorder
    this.#sku = sku
  }

  /** Called before a buyer asks. */
  asked(buyer: Buyer, clock: Clock.Clock): bigint {
    const now = this.#recorder.stampUnsafe(clock)
    const line = { client: buyer.key, sku: this.#sku, qty: 1 }
    const asking = this.#asked.get(buyer) ?? new Asking(this.#recorder, "reserve", [line], now)
    this.#asked.set(buyer, asking)
    asking.sent()
    return now
  }

  /** Called with the answer that decides. */
  told(buyer: Buyer, answer: Answer, askedNs: bigint, clock: Clock.Clock): void {
    this.#told.set(buyer, { answer, askedNs, toldNs: this.#recorder.stampUnsafe(clock) })
  }

  /**
   * Writes it all. A reservation that the store has given up again is seen by no buyer, although a
   * later one owes the unit to it: `released` says how many there are, and each becomes a release
   * at a time unknown. Where there is none, nobody who was refused in the end has ever held a unit.
   */
  write(released: number): Effect.Effect<void, HistoryUnwritable> {
    const one = ([buyer, asking]: readonly [Buyer, Asking]) => {
      const told = this.#told.get(buyer)
      if (told === undefined) return asking.maybe("reserve")
      const { answer, askedNs, toldNs } = told
      const write = asking.answered(decisionOf(answer, this.#sku), askedNs, toldNs)
      if (released === 0 || answer._tag === "Won") return write
      return Effect.andThen(
        write,
        Effect.suspend(() => (asking.isDoubtful ? asking.maybe("reserve") : Effect.void))
      )
    }
    const [first] = this.#asked.values()
    const releases = Array.from({ length: released }, () => first?.maybe("release") ?? Effect.void)
    return Effect.andThen(
      Effect.forEach(this.#asked, one, { discard: true }),
      Effect.all(releases, { discard: true })
    )
  }
}
