import type { Coverage } from "./Coverage.ts"
import type { EventTrace } from "./EventTrace.ts"
import type { Faults } from "./Faults.ts"
import type { InventoryHistory } from "./InventoryHistory.ts"
import type { Judge } from "./Judge.ts"
import type { VirtualWorld } from "./runVirtual.ts"
import type { Scenario } from "./Scenario.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** What every part of a simulated world works with. */
export interface Stage extends VirtualWorld {
  readonly scenario: Scenario
  readonly trace: EventTrace
  readonly coverage: Coverage
  readonly faults: Faults
  readonly judge: Judge
  readonly history: InventoryHistory | null
}

/** Milliseconds that a message takes when nothing is wrong. */
export const latency = (random: SeededRandom, { latencyMsMax }: Scenario): number =>
  latencyMsMax === 0 ? 0 : random.below(latencyMsMax + 1)
