import type { Mutant } from "../Mutant.ts"

export const refund: ReadonlyArray<Mutant> = [
  {
    name: "refund-retried-without-the-key",
    title: "A refund that is tried again has a new key",
    story: {
      happened:
        "In Medusa a refund whose answer was lost is sent again under another idempotency key.",
      because:
        "The record whose id is the key was deleted when the call failed, although a time-out " +
        "does not say that nothing happened.",
      cost: "The provider cannot know that it is the same refund, and pays the customer twice."
    },
    source: {
      name: "Medusa, issue 16681",
      url: "https://github.com/medusajs/medusa/issues/16681"
    },
    patches: [
      {
        file: "core/src/refund/refundSaga.ts",
        find: `import type { RefundPlan } from "./RefundPlan.ts"`,
        replace: `import type { RefundPlan } from "./RefundPlan.ts"
import { nextUuid } from "../Uuid.ts"

const tried = new WeakSet<RefundRun>()`
      },
      {
        file: "core/src/refund/refundSaga.ts",
        find: "provider.refund({ refundId: refundId(run), paymentId, amount }),",
        replace: `provider.refund({
        refundId: tried.has(run) ? yield* nextUuid : refundId(tried.add(run) && run),
        paymentId,
        amount
      }),`
      }
    ],
    breaks: "the provider has given back what our books say, and no more",
    seenAs: "Needs a refund whose answer is lost: the provider's book has it twice, ours once."
  },
  {
    name: "refund-above-what-was-captured",
    title: "Refunds add up to more than was captured",
    story: {
      happened: "Kill Bill let payments be refunded by more than they had taken in.",
      because: "A refund that should have failed was let through, and so was the next one.",
      cost:
        "More money went out than had come in, and it took a query written by hand to find " +
        "where."
    },
    source: {
      name: "Kill Bill, issue 334",
      url: "https://github.com/killbill/killbill/issues/334"
    },
    patches: [
      {
        file: "adapters/src/postgres/money/refunds.ts",
        find: `if (amount > left || left === 0n) return { _tag: "ExceedsCaptured", left }`,
        replace: ""
      },
      {
        file: "adapters/src/postgres/money/refunds.ts",
        find: "intended: (payment.intended + amount) as Minor",
        replace: "intended: (amount > left ? payment.intended : payment.intended + amount) as Minor"
      }
    ],
    breaks: "refund.bounded: refunds never exceed what was captured",
    seenAs:
      "Needs staff who ask for more than is left, or two refunds of one order at a time: each is " +
      "sent to the provider."
  },
  {
    name: "failed-run-refunds-the-first",
    title: "A failed second run gives the first run's money back",
    story: {
      happened:
        "A second run of Medusa's cart completion failed and refunded the payment of the first, " +
        "which had succeeded.",
      because:
        "Its compensation undid what it found under the cart, without asking whose work that was.",
      cost: "The order stood and would be shipped, and its money was back with the customer."
    },
    source: {
      name: "Medusa, pull request 15527",
      url: "https://github.com/medusajs/medusa/pull/15527"
    },
    patches: [
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: `if (outcome._tag === "Applied") applied = true
    else`,
        replace: `if (outcome._tag === "Applied") {
      applied = true
      const refund = ports.provider.refund({ refundId: paymentId, paymentId, amount })
      if (outcome.replayed) yield* Effect.mapError(refund, asFailure)
    } else`
      }
    ],
    breaks: "the provider keeps what the order is paid with",
    seenAs:
      "Needs a capture that was booked before, by the webhook or by a run whose answer was lost: " +
      "the order stands, and the provider has given its money back."
  },
  {
    name: "charge-kept-when-the-order-fails",
    title: "The card is charged, the order fails, and the money stays",
    story: {
      happened:
        "The checkout of Online Boutique, a shop that is made to be copied, charges the card and " +
        "then asks for the shipment.",
      because:
        "When the shipment fails it answers with an error, and no step gives the money back.",
      cost: "Whoever runs it so has customers who paid for an order that does not exist."
    },
    source: {
      name: "Online Boutique, checkout service",
      url:
        "https://github.com/GoogleCloudPlatform/microservices-demo/blob/main/" +
        "src/checkoutservice/main.go"
    },
    patches: [
      {
        file: "core/src/refund/Refunds.ts",
        find: "yield* begin(yield* sagaOf(request, unapplied))",
        replace: `yield* Effect.logDebug("the order failed", request, unapplied)`
      }
    ],
    breaks: "captured.owned: money that belongs to no order goes back",
    seenAs:
      "Needs a capture that comes after the order was given up, or twice: the money is booked as " +
      "nobody's, and nobody gets it back."
  },
  {
    name: "refunded-once-per-message",
    title: "Each delivery of a webhook gives the money back again",
    story: {
      happened:
        "The webhook handler of a widely copied starter granted purchased credits anew with " +
        "every delivery of the same event.",
      because:
        "Providers deliver at least once, and nothing remembered which event had been applied.",
      cost: "Whatever an event grants is granted twice as soon as one answer to it is slow."
    },
    source: {
      name: "Open SaaS, issue 688",
      url: "https://github.com/wasp-lang/open-saas/issues/688"
    },
    patches: [
      {
        file: "core/src/refund/Refunds.ts",
        find: `const sagaId = namedUuid(\`unapplied:\${captureId}\`)`,
        replace: "const sagaId = yield* nextUuid"
      },
      {
        file: "adapters/src/postgres/money/refunds.ts",
        find: `if (amount > left || left === 0n) return { _tag: "ExceedsCaptured", left }`,
        replace: `if ((amount > left || left === 0n) && source === "order")
          return { _tag: "ExceedsCaptured", left }`
      },
      {
        file: "adapters/src/postgres/money/refunds.ts",
        find: "intended: (payment.intended + amount) as Minor",
        replace: "intended: (amount > left ? payment.intended : payment.intended + amount) as Minor"
      }
    ],
    breaks: "refund.bounded: money that came in once goes back once",
    seenAs:
      "Needs a capture that belongs to no order and is told twice, by the provider's answer and " +
      "its webhook: it goes back as often as it is told."
  },
  {
    name: "cancel-forgets-the-money",
    title: "A cancellation is accepted, and the payment kept",
    story: {
      happened:
        "In Sylius an order that was paid could be given up without its payment going back.",
      because: "Order and payment had states of their own, and canceling moved only one of them.",
      cost: "The shop had the money, the customer had a promise, and no list showed the difference."
    },
    source: { name: "Sylius, issue 6144", url: "https://github.com/Sylius/Sylius/issues/6144" },
    patches: [
      {
        file: "core/src/checkout/orderSteps.ts",
        find: "yield* ports.refundCanceled(run)",
        replace: ""
      }
    ],
    breaks: "a cancellation that was accepted ends canceled or refunded",
    seenAs:
      "Needs a buyer who cancels while the capture is on its way: told that it is canceled, and " +
      "left with a paid order."
  }
]
