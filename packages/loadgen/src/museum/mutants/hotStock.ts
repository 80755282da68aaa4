import type { Mutant } from "../Mutant.ts"

/** Bugs of what is done for a product that everybody wants. */
export const hotStock: ReadonlyArray<Mutant> = [
  {
    name: "no-segment-has-enough",
    title: "Stock in several places is there only if one place has enough",
    story: {
      happened:
        "A cart that wanted two of an item, of which two locations had one each, could not be " +
        "completed in Medusa.",
      because:
        "What there is was added up over the locations, and what was reserved had to come from " +
        "the first one.",
      cost: "Shops whose stock lay in several places turned buyers away from goods they had."
    },
    source: {
      name: "Medusa, issue 14987",
      url: "https://github.com/medusajs/medusa/issues/14987"
    },
    patches: [
      {
        file: "adapters/src/postgres/inventory/sight.ts",
        find: "segments.reduce((sum, { available }) => sum + available, 0)",
        replace: "segments.reduce((most, { available }) => Math.max(most, available), 0)"
      }
    ],
    breaks: "told.sold_out: who is told that it is gone is told the truth",
    seenAs:
      "Needs a product on several segments and a buyer of several units, or the last unit on a " +
      "segment that is not tried first: units are refused that are there."
  },
  {
    name: "released-where-it-would-be-taken-now",
    title: "Units go back to where they would be taken from now",
    story: {
      happened:
        "An order was placed in Magento, its shop was given another stock, and the order was " +
        "canceled: its units came back on the new stock.",
      because:
        "Where a reservation is undone was looked up in today's assignment, not in the " +
        "reservation.",
      cost: "One stock lacked units for good, and the other offered some that it never had."
    },
    source: {
      name: "Magento Inventory, issue 695",
      url: "https://github.com/magento/inventory/issues/695"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/settle.ts",
        find: "const key = stockKey(sku, moved.segment)",
        replace: "const key = stockKey(sku, 0)"
      }
    ],
    breaks: "stock.conserved: each segment counts the reservations that lie on it",
    seenAs:
      "Needs units that were taken from another segment than the first: they are settled on a " +
      "row that never gave them."
  },
  {
    name: "fewer-segments-fewer-units",
    title: "With fewer segments, the units of the others are gone",
    story: {
      happened:
        "A counter over shards for App Engine was to be made faster by fixing the number of " +
        "shards in the configuration, and its author dropped the plan.",
      because: "Once the number is lowered, nobody reads the shards beyond it any more.",
      cost: "What was counted there would be lost, unless every counter stood still meanwhile."
    },
    source: {
      name: "appengine-counter, issue 22",
      url: "https://github.com/instacount/appengine-counter/issues/22"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/strategyStatements.ts",
        find: "const units = levels.reduce(",
        replace: "const units = levels.slice(0, rowCount).reduce("
      }
    ],
    breaks: "stock.explained: what was received is there, on whichever segments",
    seenAs:
      "Needs a strategy that is changed to one with fewer segments while units lie on the last " +
      "ones: no movement explains where they went."
  },
  {
    name: "sold-out-for-ever",
    title: "What was sold out once is sold out for ever",
    story: {
      happened:
        "After one order of a flash sale had failed for want of stock, every later order of that " +
        "product was reported as failed.",
      because:
        "The mark in front of the stock that says sold out stood for the product, had no time to " +
        "live, and was taken away by nobody.",
      cost: "Units that came back to the stock could not be bought by anyone."
    },
    source: {
      name: "springboot-seckill, issue 22",
      url: "https://github.com/zaiyunduan123/springboot-seckill/issues/22"
    },
    patches: [
      {
        file: "adapters/src/memory/GateMemory.ts",
        find: "const counters = new Map<StockKey, Counter>()",
        replace: `const counters = new Map<StockKey, Counter>()
    const over = new Set<StockKey>()`
      },
      {
        file: "adapters/src/memory/GateMemory.ts",
        find: `const available = find(key)?.available ?? Number.POSITIVE_INFINITY
        if (available < quantity) return`,
        replace: `const counted = find(key)?.available ?? Number.POSITIVE_INFINITY
        const available = over.has(key) ? 0 : counted
        if (available < quantity) over.add(key)
        if (available < quantity) return`
      },
      {
        file: "core/src/edge/WatchList.ts",
        find: "if (watched !== undefined) watched.recorded = available",
        replace: "if (watched !== undefined && watched.recorded !== 0) watched.recorded = available"
      }
    ],
    breaks: "told.sold_out: when all is well, the gate refuses what is gone",
    seenAs:
      "Needs a product that was sold out behind a gate, units that come back, and a buyer who " +
      "wants them: the units are on sale, and refused."
  },
  {
    name: "counted-once-and-never-again",
    title: "A counter in front of the record is counted once, and then only moved",
    story: {
      happened:
        "The number of waiting jobs that LangWatch kept in Redis was an eighth higher than the " +
        "jobs that were there.",
      because:
        "It was raised and lowered as jobs came and went; where a worker died the step down was " +
        "lost, and nothing ever counted the jobs themselves.",
      cost: "It never healed: operators were shown a backlog of which a part was not there."
    },
    source: {
      name: "LangWatch, issue 4683",
      url: "https://github.com/langwatch/langwatch/issues/4683"
    },
    patches: [
      {
        file: "core/src/edge/counters.ts",
        find: `yield* setAll(available)
        if (open.length > 0)`,
        replace: `for (const key of yield* gate.guarded) available.delete(key)
        yield* setAll(available)
        if (open.length > 0)`
      }
    ],
    breaks: "gate.right_again: after the last fault the gate is right within 30 seconds",
    seenAs:
      "Needs units that come back while the gate cannot be told, or that it forgets: it refuses " +
      "what has been on sale for a while."
  },
  {
    name: "promotion-forgotten-by-its-heir",
    title: "What a dead autopilot has changed is changed for ever",
    story: {
      happened:
        "The autoscaler of Kubernetes marked nodes, was restarted, and never came back to them.",
      because:
        "Which nodes it had in hand was known to the process alone; the next one saw the marks " +
        "and did not know them for its own.",
      cost: "The nodes stayed out of use, until somebody took the marks off by hand."
    },
    source: {
      name: "Kubernetes autoscaler, issue 5048",
      url: "https://github.com/kubernetes/autoscaler/issues/5048"
    },
    patches: [
      {
        file: "core/src/edge/heat/Autopilot.ts",
        find: "let switchedAt: ReadonlyArray<number> = []",
        replace: `let switchedAt: ReadonlyArray<number> = []
  const mine = new Set<string>()`
      },
      {
        file: "core/src/edge/heat/Autopilot.ts",
        find: "if (done) switchedAt = [...switchedAt, at]",
        replace: `if (done) switchedAt = [...switchedAt, at]
      if (done && _tag === "Promote") mine.add(key)`
      },
      {
        file: "core/src/edge/heat/Autopilot.ts",
        find: ": hot !== undefined && (yield* demote(ports, hot, perSecond))",
        replace: ": hot !== undefined && mine.has(key) && (yield* demote(ports, hot, perSecond))"
      }
    ],
    breaks: "autopilot.cools: after the heat nothing is promoted any more",
    seenAs:
      "Needs a process that dies, or is no longer the one that acts, while a product that it has " +
      "promoted is hot: nobody demotes it."
  }
]
