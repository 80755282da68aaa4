import type { Mutant } from "../Mutant.ts"

/** Bugs of the counters that a database keeps, in the forms of its statements. */
export const counters: ReadonlyArray<Mutant> = [
  {
    name: "reserved-counter-loses-updates",
    title: "Two reservations at once count as one",
    story: {
      happened:
        "Two direct calls of Medusa's inventory service both reserved the last unit, and the " +
        "counter of reserved units showed one.",
      because:
        "The counter was read without a lock, added to in the program, and written back as a " +
        "figure.",
      cost: "Stock was reserved twice, and the counter went below zero when both were released."
    },
    source: {
      name: "Medusa, issue 16569",
      url: "https://github.com/medusajs/medusa/issues/16569"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/hold.ts",
        find: "let touched = yield* lockRows(tables, on, batch)",
        replace: "let touched = found(on, tables.stock, rowKeys(batch)).length"
      },
      {
        file: "adapters/src/simulated/inventory/hold.ts",
        find: "reserved: stock.reserved + quantity,",
        replace: "reserved: (on.seen(slot)?.reserved ?? 0) + quantity,"
      }
    ],
    breaks: "stock.conserved: reserved units are those of the held reservations",
    seenAs:
      "Needs two processes that reserve one product at the same moment: the counter has one of " +
      "the two, and the same units are sold again."
  },
  {
    name: "sold-counter-read-added-written",
    title: "Stock is read, added to in the program, and written back",
    story: {
      happened: "Vendure oversold under concurrent checkouts, and its stock figures went negative.",
      because:
        "Allocations and stock on hand were read, changed in the program and written, with " +
        "nothing that kept others out.",
      cost: "Orders were paid for goods that were gone, and the figures were wrong ever after."
    },
    source: {
      name: "Vendure, pull request 4930",
      url: "https://github.com/vendurehq/vendure/pull/4930"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/settle.ts",
        find: "yield* lockStock(tables, on, batch)",
        replace: ""
      },
      {
        file: "adapters/src/simulated/inventory/settle.ts",
        find: "sold: row.sold + sold,",
        replace: "sold: (on.seen(slot)?.sold ?? 0) + sold,"
      }
    ],
    breaks: "stock.conserved: sold units are those of the committed reservations",
    seenAs:
      "Needs two transactions on one product's stock at once: the units of one of them are sold " +
      "and not counted."
  },
  {
    name: "stock-taken-without-a-condition",
    title: "Stock is lowered by one, whatever is left",
    story: {
      happened: "Two buyers of Vendure checked out at once, and both had the only item.",
      because:
        "Stock was checked in an earlier step, and the write that took it had no condition of " +
        "its own.",
      cost: "One of them had paid for something that nobody could send."
    },
    source: {
      name: "Vendure, issue 3508",
      url: "https://github.com/vendurehq/vendure/issues/3508"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/hold.ts",
        find:
          "received - reserved - sold >= quantity && (required === null || version === " +
          "required)",
        replace: "required === null || version === required"
      },
      {
        file: "adapters/src/simulated/inventory/InventoryTables.ts",
        find: `["never_oversold", ({ received, reserved, sold }) =>
          received - reserved - sold >= 0],`,
        replace: ""
      }
    ],
    breaks: "stock.never_oversold: what is sold was there",
    seenAs:
      "Needs two processes that want the last unit: both saw it, one waits for the other's lock, " +
      "and then takes what is gone."
  },
  {
    name: "release-forgets-the-counter",
    title: "A released reservation stays in the counter",
    story: {
      happened: "The counter of reserved units in Medusa drifted away from the reservations.",
      because:
        "When the undoing of a step changed reservations, the counter beside them was not " +
        "adjusted.",
      cost: "Each failed checkout moved it further, until staff had to mend the figures by script."
    },
    source: {
      name: "Medusa, pull request 15397",
      url: "https://github.com/medusajs/medusa/pull/15397"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/settle.ts",
        find: "reserved: row.reserved - units,",
        replace: "reserved: row.reserved - sold,"
      }
    ],
    breaks: "stock.conserved: reserved units are those of the held reservations",
    seenAs:
      "Needs a checkout that is undone: its units are free by the record, and taken by the count."
  },
  {
    name: "coupon-counted-at-completion",
    title: "A coupon's uses are counted when orders are complete",
    story: {
      happened:
        "A single-use coupon could be redeemed without limit in Vendure, and twice in Saleor " +
        "(issue 544).",
      because:
        "The limit was compared with the orders that were complete, and those under way did not " +
        "count.",
      cost: "Whoever sent several checkouts at once had the discount on all of them."
    },
    source: {
      name: "Vendure, pull request 4660",
      url: "https://github.com/vendurehq/vendure/pull/4660"
    },
    patches: [
      {
        file: "adapters/src/simulated/inventory/reserveStatements.ts",
        find: "const taken = stock.reserved + stock.sold",
        replace: "const taken = (allowance === null ? stock.reserved : 0) + stock.sold"
      },
      {
        file: "adapters/src/simulated/inventory/hold.ts",
        find: "received - reserved - sold >= quantity &&",
        replace:
          "received - ((batch.allowances[i] ?? null) === null ? reserved : 0) - sold >= quantity &&"
      },
      {
        file: "adapters/src/simulated/inventory/InventoryTables.ts",
        find: `["never_oversold", ({ received, reserved, sold }) =>
          received - reserved - sold >= 0],`,
        replace: ""
      }
    ],
    breaks: "coupon.within_limit: a coupon is used as often as it may be",
    seenAs: "Needs two checkouts with one coupon at a time: both use its last use."
  }
]
