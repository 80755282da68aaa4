import type { Coverage } from "./Coverage.ts"
import type { EventTrace } from "./EventTrace.ts"
import { type FaultKind, faultKinds } from "./FaultKind.ts"
import type { Scenario } from "./Scenario.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** Decides, by the seed, what goes wrong, and keeps count of it. */
export class Faults {
  readonly #rates: Scenario["rates"]
  readonly #chance: ReadonlyMap<FaultKind, SeededRandom>
  readonly #trace: EventTrace
  readonly #coverage: Coverage
  readonly #counts = new Map<FaultKind, number>()
  #over = false

  constructor(
    rates: Scenario["rates"],
    random: SeededRandom,
    trace: EventTrace,
    coverage: Coverage
  ) {
    this.#rates = rates
    this.#chance = new Map(
      faultKinds.filter((kind) => rates[kind] > 0).map((kind) => [kind, random.fork(kind)])
    )
    this.#trace = trace
    this.#coverage = coverage
  }

  /**
   * Whether it happens here; if so, it is written down with its place: a step of a saga (an effect
   * of a store process) or whoever it happens to.
   */
  happens(kind: FaultKind, place: string): boolean {
    const chance = this.#chance.get(kind)
    if (this.#over || chance?.chance(this.#rates[kind]) !== true) return false
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    this.#trace.note("fault", `${kind} ${place}`)
    this.#coverage.fault(place, kind)
    return true
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#over = true
    this.#trace.note("fault", "no more")
  }

  get areOver(): boolean {
    return this.#over
  }

  get counts(): Readonly<Partial<Record<FaultKind, number>>> {
    return Object.fromEntries(this.#counts)
  }
}
