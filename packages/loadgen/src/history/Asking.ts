import * as Effect from "effect/Effect"
import type { HistoryUnwritable } from "./errors.ts"
import type { HistoryRecorder, Intent } from "./HistoryRecorder.ts"
import type { Verb } from "./Operation.ts"

/** Units of one SKU that are asked for together with others. */
export type Line = Omit<Intent, "op">

/** What an answer decides about the lines of a request; the rest stays as it is. */
export type Decision =
  | { readonly _tag: "Accepted" }
  /** This SKU was short; nothing is known of the others. Undefined names none. */
  | { readonly _tag: "Refused"; readonly sku: string | undefined }
  /** Ask again: it may have happened or not. */
  | { readonly _tag: "Open" }

/**
 * One request under one idempotency key, however often it is sent: one operation per line, from the
 * first sending to the answer that decides.
 */
export class Asking {
  readonly #recorder: HistoryRecorder
  readonly op: Verb
  readonly #lines: ReadonlyArray<Line>
  readonly #firstNs: bigint
  #sent = 0
  /** Refused for want of units, so at once; for other reasons it may be undone later. */
  #isShort = false
  #decided: Decision["_tag"] = "Open"

  constructor(recorder: HistoryRecorder, op: Verb, lines: ReadonlyArray<Line>, firstNs: bigint) {
    this.#recorder = recorder
    this.op = op
    this.#lines = lines
    this.#firstNs = firstNs
  }

  get decided(): Decision["_tag"] {
    return this.#decided
  }

  sent(): void {
    this.#sent++
  }

  /** Whether it may have held units for a while, which no answer tells. */
  get isDoubtful(): boolean {
    if (this.#decided === "Refused") return this.#sent > 1 || !this.#isShort
    return this.#decided === "Open"
  }

  /** Takes the answer in to what was sent at `callNs`, and writes what it says if it decides. */
  answered(decision: Decision, callNs: bigint, retNs: bigint) {
    if (decision._tag === "Open" || this.#decided !== "Open") return Effect.void
    this.#decided = decision._tag
    this.#isShort = decision._tag === "Refused" && decision.sku !== undefined
    const ok = decision._tag === "Accepted"
    const about = this.#lines.filter(({ sku }) => ok || sku === decision.sku)
    // Whoever was accepted may have been so when asking first; a refusal is of the last asking.
    const told = { op: this.op, ok, val: null, unknown: false, retNs }
    const from = ok ? this.#firstNs : callNs
    return Effect.forEach(
      about,
      (line) => this.#recorder.record({ ...line, ...told, callNs: from }),
      { discard: true }
    )
  }

  /** Writes what may have happened unseen since it was first sent, perhaps before its answer. */
  maybe(...ops: ReadonlyArray<Verb>): Effect.Effect<void, HistoryUnwritable> {
    const unseen = { ok: false, val: null, unknown: true, callNs: this.#firstNs, retNs: null }
    return Effect.forEach(
      ops.flatMap((op) => this.#lines.map((line) => ({ ...line, ...unseen, op }))),
      (operation) => this.#recorder.record(operation),
      { discard: true }
    )
  }
}
