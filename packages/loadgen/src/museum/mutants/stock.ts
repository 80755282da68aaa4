import type { Mutant } from "../Mutant.ts"

export const stock: ReadonlyArray<Mutant> = [
  {
    name: "two-lines-checked-one-by-one",
    title: "Two lines of one product are each checked alone",
    story: {
      happened:
        "A cart with two lines that draw on the same inventory item passed Medusa's stock check " +
        "although both together asked for more than there was.",
      because:
        "Each entry of the batch was compared with the same available quantity, and nobody added " +
        "the entries up.",
      cost: "The location was reserved below zero, on an ordinary checkout of a bundle."
    },
    source: {
      name: "Medusa, issue 16502",
      url: "https://github.com/medusajs/medusa/issues/16502"
    },
    patches: [
      {
        file: "core/src/checkout/stockLines.ts",
        find: "units.set(line.sku, (units.get(line.sku) ?? 0) + line.quantity)",
        replace: "units.set(line.sku, Math.max(units.get(line.sku) ?? 0, line.quantity))"
      }
    ],
    breaks: "paid.goods: a paid order has units for all that it bought",
    seenAs:
      "Needs an order with two lines of one SKU; once it is paid, fewer units are sold than " +
      "ordered."
  },
  {
    name: "shopper-blocked-by-own-reservation",
    title: "A shopper's second try is refused because of the first",
    story: {
      happened:
        "WooCommerce told shoppers that an item was out of stock while it was they themselves " +
        "who held the last one.",
      because:
        "When the session lost sight of its draft order, the check counted that order's " +
        "reservation as somebody else's.",
      cost: "They could not finish a purchase for which the stock was set aside."
    },
    source: {
      name: "WooCommerce, issue 67354",
      url: "https://github.com/woocommerce/woocommerce/issues/67354"
    },
    patches: [
      {
        file: "adapters/src/postgres/inventory/sight.ts",
        find: `held: { _tag: "Held" },`,
        replace: `held: { _tag: "ReservationClosed" },`
      }
    ],
    breaks: "every checkout ends, and one that was paid for ends paid",
    seenAs:
      "Needs a process that dies after the capture was booked and before its units are sold: the " +
      "next owner is refused the reservation it has, and can neither go on nor back."
  },
  {
    name: "reservation-dropped-at-expiry",
    title: "A reservation goes at its expiry, whatever the payment does",
    story: {
      happened:
        "In Spree's design for stock reservations a job deletes every reservation that has " +
        "expired.",
      because:
        "The job looks at the clock and not at the payment, which may be on its way at that " +
        "moment.",
      cost: "The buyer's money arrives for units that were put on sale again meanwhile."
    },
    source: {
      name: "Spree, plan for stock reservations",
      url: "https://github.com/spree/spree/blob/main/docs/plans/6.0-stock-reservations.md"
    },
    patches: [
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: `import { unlessSuperseded } from "../saga/SagaContext.ts"`,
        replace: `import { unlessSuperseded } from "../saga/SagaContext.ts"
import { stockKeys } from "./stockLines.ts"`
      },
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: "const asked = expired",
        replace: `if (expired) {
          const drop = { orderId, epoch, keys: stockKeys(plan), as: "expired" as const }
          yield* Effect.mapError(ports.writes.release(drop), machinery)
        }
        const asked = expired`
      }
    ],
    breaks: "paid.goods and saga.ends: who paid has the goods, and the checkout ends",
    seenAs:
      "Needs a provider that decides after the reservation's time: the order is paid for and " +
      "holds nothing, so that its checkout never ends."
  }
]
