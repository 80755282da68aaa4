import type { Handler } from "@doorbuster/adapters/simulated/Execution"
import type { OrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"

export const loseLeasesName = "simulation.lose_leases"

/** `delete from orders.workers`: what a failover to a server without the last leases looks like. */
export const loseLeases = ({ workers }: OrdersTables): Handler =>
  function* (on) {
    for (const slot of [...workers.slots.values()]) yield* on.delete(slot, () => true)
    return []
  }
