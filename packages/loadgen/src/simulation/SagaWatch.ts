import type { SagaRow } from "@doorbuster/adapters/simulated/orders/rows"
import type { Judge } from "./Judge.ts"

/**
 * Follows who owns what, commit by commit.
 *
 * - Epochs never fall: a worker that was taken over changes no row any more, or the row would bear
 *   its older epoch.
 * - While nothing goes wrong, nobody takes a saga from a worker that lives: its lease is renewed.
 */
export class SagaWatch {
  readonly #judge: Judge
  readonly #epochs = new Map<string, number>()
  readonly #putDown = new Set<string>()
  /** Sagas that were opened later met no fault; null while faults happen. */
  #quietSince: number | null = null

  constructor(judge: Judge) {
    this.#judge = judge
  }

  quietFrom(at: number): void {
    this.#quietSince = at
  }

  /** A row of this name bears this epoch now. */
  epoch(row: string, epoch: number): void {
    const before = this.#epochs.get(row) ?? 0
    if (epoch < before) {
      this.#judge.find("fence.epochs_rise", row, `epoch ${epoch} was written over ${before}`)
    }
    this.#epochs.set(row, epoch)
  }

  saga({ epoch, openedAt, owner, sagaId, state }: SagaRow): void {
    this.epoch(`saga ${sagaId}`, epoch)
    if (state !== "open") return
    if (owner === null) this.#putDown.add(sagaId)
    const isQuiet = this.#quietSince !== null && openedAt > this.#quietSince
    if (epoch > 1 && isQuiet && !this.#putDown.has(sagaId)) {
      const detail = `taken over in epoch ${epoch} although its worker lives`
      this.#judge.find("lease.keeps", sagaId, detail)
    }
  }
}
