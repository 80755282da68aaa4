import type { Mutant } from "./Mutant.ts"
import { batching } from "./mutants/batching.ts"
import { counters } from "./mutants/counters.ts"
import { hotStock } from "./mutants/hotStock.ts"
import { idempotency } from "./mutants/idempotency.ts"
import { payment } from "./mutants/payment.ts"
import { pricing } from "./mutants/pricing.ts"
import { queue } from "./mutants/queue.ts"
import { refund } from "./mutants/refund.ts"
import { saga } from "./mutants/saga.ts"
import { stock } from "./mutants/stock.ts"
import { workers } from "./mutants/workers.ts"

/** All that the museum shows, by topic. */
export const gallery: ReadonlyArray<Mutant> = [
  ...stock,
  ...counters,
  ...hotStock,
  ...batching,
  ...idempotency,
  ...pricing,
  ...payment,
  ...refund,
  ...saga,
  ...workers,
  ...queue
]
