import type { Mutant } from "../Mutant.ts"

export const payment: ReadonlyArray<Mutant> = [
  {
    name: "paid-but-no-order",
    title: "The webhook books the payment first, and the checkout gives up",
    story: {
      happened:
        "Medusa shops had customers whose card was charged and whose order never appeared, at " +
        "times with one sale in twenty.",
      because:
        "Webhook and browser completed the same payment at once, and whoever came second took " +
        "the first one's work for a failure.",
      cost: "The money was taken and there was nothing to ship."
    },
    source: {
      name: "Medusa, issue 13301",
      url: "https://github.com/medusajs/medusa/issues/13301"
    },
    patches: [
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: `if (answer._tag === "Captured") run.captures = answer.captures
        return`,
        replace: `if (answer._tag === "Captured") return yield* Effect.fail(superseded)
        return`
      }
    ],
    breaks: "saga.ends: an order that was paid for becomes paid",
    seenAs:
      "Needs a webhook that is booked while the checkout still waits for the provider's answer: " +
      "the order stays pending for ever with its money taken."
  },
  {
    name: "timeout-taken-for-a-decline",
    title: "No answer is taken for a no",
    story: {
      happened: "A WooCommerce shop received payments for orders that it had marked as canceled.",
      because: "A time-out of the payment was taken for a payment that had failed.",
      cost: "The customer paid, had no order, and somebody had to find it by hand."
    },
    source: {
      name: "WooCommerce, issue 21083",
      url: "https://github.com/woocommerce/woocommerce/issues/21083"
    },
    patches: [
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: "yield* settle(ports, run, yield* Effect.mapError(asked, asFailure), expired)",
        replace: `const failed = (error: ProviderError) => declined(error.message)
        yield* settle(ports, run, yield* Effect.mapError(asked, failed), expired)`
      },
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: "const answer = yield* Effect.mapError(ports.provider.cancel(payment), asFailure)",
        replace: `const answer: ProviderPayment = { _tag: "Canceled" }`
      }
    ],
    breaks: "captured.owned: every capture that the provider knows has a home here",
    seenAs:
      "Needs a capture whose answer is lost: the order is canceled and the provider keeps the " +
      "money."
  },
  {
    name: "second-payment-dropped",
    title: "A second payment of one order is silently dropped",
    story: {
      happened:
        "A buyer with two open tabs paid the same WooCommerce order twice through Mollie, and " +
        "the shop noticed nothing.",
      because: "The second payment's number stood on no order, and what stood on none was dropped.",
      cost: "The second payment stayed with the merchant until the bookkeeper met it."
    },
    source: {
      name: "Mollie for WooCommerce, issue 1204",
      url: "https://github.com/mollie/WooCommerce/issues/1204"
    },
    patches: [
      {
        file: "adapters/src/postgres/money/captures.ts",
        find: "const before = receipts.get(item.captureId)",
        replace: `const isPaid = payment?.state === "captured"
        const before = isPaid ? true : receipts.get(item.captureId)`
      }
    ],
    breaks: "captured.owned: money that belongs to no order is booked and goes back",
    seenAs:
      "Needs a provider that captures twice: its book has more money than ours, and none goes back."
  },
  {
    name: "late-paid-reopens-a-refunded-order",
    title: "A late message makes a refunded order paid again",
    story: {
      happened:
        "Mollie's plug-in put fully refunded WooCommerce orders back to processing, days later.",
      because: "A late message of a payment was handled without a look at the order's state.",
      cost: "Orders whose money was back with the buyer stood among those to be sent."
    },
    source: {
      name: "Mollie for WooCommerce, issue 1252",
      url: "https://github.com/mollie/WooCommerce/issues/1252"
    },
    patches: [
      {
        file: "core/src/order/OrderState.ts",
        find: "refunded: {}",
        replace: `refunded: { Capture: "paid" }`
      },
      {
        file: "core/src/checkout/PaymentEvents.ts",
        find: `import { StorageError } from "../StorageError.ts"`,
        replace: `import { StorageError } from "../StorageError.ts"
import { namedUuid } from "../Uuid.ts"`
      },
      {
        file: "core/src/checkout/PaymentEvents.ts",
        find: `if (outcome._tag === "Unapplied" && payment !== undefined) {`,
        replace: `const { epoch, orderId, refunded } = payment ?? {}
          if (outcome._tag === "Applied" && orderId !== undefined && refunded > 0n) {
            const move = { orderId, sagaId: namedUuid(event.eventId), epoch, at: capturedAt }
            yield* writes.moveOrder({ ...move, event: "Capture" })
          }
          if (outcome._tag === "Unapplied" && payment !== undefined) {`
      }
    ],
    breaks: "order.legal: a refunded order is final",
    seenAs:
      "Needs a webhook that arrives, or arrives again, after the order was refunded: the order " +
      "says paid and all of its money is back with the buyer."
  },
  {
    name: "sweeper-races-the-capture",
    title: "The sweeper cancels an order whose capture is on its way",
    story: {
      happened:
        "WooCommerce canceled orders as unpaid while PayPal and Stripe reported them as paid.",
      because:
        "The job that cancels unpaid orders went by the time limit alone and did not ask the " +
        "payment provider first.",
      cost: "Customers had paid and their orders were canceled, with their stock on sale again."
    },
    source: {
      name: "WooCommerce, issue 20928",
      url: "https://github.com/woocommerce/woocommerce/issues/20928"
    },
    patches: [
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: "const asked = expired",
        replace: `if (expired) {
          const sweep = { orderId, sagaId: run.sagaId, epoch, event: "Cancel" as const, at }
          yield* Effect.mapError(ports.writes.moveOrder(sweep), machinery)
        }
        const asked = expired`
      }
    ],
    breaks: "paid.once: a canceled order keeps no money",
    seenAs:
      "Needs a capture that is decided after the reservation's time: the order is canceled here " +
      "and paid for there, and its checkout never ends."
  },
  {
    name: "new-payment-for-every-try",
    title: "Every new try makes a new payment",
    story: {
      happened:
        "Customers of the Open Food Network were charged again for an order that they had paid.",
      because:
        "A payment's record was rolled back after the card was charged, and the next try began " +
        "with a new one.",
      cost: "Charges that the shop's own books did not know had to be found at the provider."
    },
    source: {
      name: "Open Food Network, issue 3925",
      url: "https://github.com/openfoodfoundation/openfoodnetwork/issues/3925"
    },
    patches: [
      {
        file: "core/src/checkout/Checkout.ts",
        find: "const plan = yield* Effect.mapError(planFromText(record.payload), unreadable)",
        replace: `const first = yield* Effect.mapError(planFromText(record.payload), unreadable)
        const plan = { ...first, paymentId: yield* nextUuid }`
      }
    ],
    breaks: "paid.once: an order is charged once",
    seenAs:
      "Needs a process that dies after it has sent the capture: the next owner sends another one."
  }
]
