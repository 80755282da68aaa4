import type { Mutant } from "../Mutant.ts"

export const pricing: ReadonlyArray<Mutant> = [
  {
    name: "price-from-the-client",
    title: "The total is what the client says",
    story: {
      happened:
        "In WhataCart a buyer could set the final price to a few cents in the browser's console.",
      because: "The amount was sent along in hidden fields of the form, and the server used it.",
      cost: "The shop's own pages showed the full price, so that it took a while to notice."
    },
    source: {
      name: "WhataCart, issue 28",
      url: "https://github.com/ushainformatique/whatacart/issues/28"
    },
    patches: [
      {
        file: "core/src/checkout/Checkout.ts",
        find: "const quote = yield* quotes.quote(request)",
        replace: `const priced = yield* quotes.quote(request)
        const asked = request.expectedTotal ?? priced.total
        const isLess = asked < priced.total && asked > priced.taxTotal + priced.includedTaxTotal
        const total = isLess ? asked : priced.total
        const discountTotal = (priced.discountTotal + priced.total - total) as Minor
        const quote = { ...priced, total, discountTotal }`
      }
    ],
    breaks: "order.lines_sum: the quote, computed again from its trace, agrees",
    seenAs: "Needs a client whose total is lower than the server's: the rest is called a discount."
  },
  {
    name: "float-money",
    title: "Money takes a detour over floating point",
    story: {
      happened:
        "WooCommerce Payments charged one cent too little for certain amounts, such as 8.20.",
      because:
        "The amount was multiplied by a hundred as a floating-point number and then cut off.",
      cost: "The order said one amount and the card statement another."
    },
    source: {
      name: "WooCommerce Payments, pull request 91",
      url: "https://github.com/Automattic/woocommerce-payments/pull/91"
    },
    patches: [
      {
        file: "core/src/checkout/CheckoutRun.ts",
        find: "export const paymentOf = (",
        replace: `const inCents = (quote: CheckoutPlan["quote"]) => {
  const total = BigInt(Math.trunc((Number(quote.total) / 100) * 100)) as Minor
  return { ...quote, total, discountTotal: quote.discountTotal + quote.total - total }
}

export const paymentOf = (`
      },
      {
        file: "core/src/checkout/CheckoutRun.ts",
        find: `amount: plan.quote.total,
  breakdown: breakdown(plan.quote),`,
        replace: `amount: inCents(plan.quote).total,
  breakdown: breakdown(inCents(plan.quote)),`
      },
      {
        file: "core/src/checkout/paymentSteps.ts",
        find: "const { currency, total } = run.plan.quote",
        replace: "const { amount: total, currency } = paymentOf(run, ports.provider.name, 0)"
      }
    ],
    breaks: "paid.once: an order is paid for with its total",
    seenAs: "Needs nothing but one of the totals that floating point cannot hold, such as 0.29."
  },
  {
    name: "tax-rounded-per-unit",
    title: "Tax is rounded for each unit and then multiplied",
    story: {
      happened:
        "WooCommerce computes refunds whose lines add up to a cent more than the order was.",
      because:
        "Taxes are rounded line by line in the one place and once in the other, and the rest of " +
        "the rounding is nobody's.",
      cost: "The payment gateway refuses the refund, and staff do not learn why."
    },
    source: {
      name: "WooCommerce, issue 64668",
      url: "https://github.com/woocommerce/woocommerce/issues/64668"
    },
    patches: [
      {
        file: "core/src/checkout/CheckoutPlan.ts",
        find: "const tax = quote.taxTotal + quote.includedTaxTotal",
        replace: `const tax = quote.lines.reduce(
    (sum, { quantity, tax }) => sum + (tax / BigInt(quantity)) * BigInt(quantity),
    quote.shippingTax as bigint
  )`
      }
    ],
    breaks: "ledger.matches_payments: a payment is made up as its order is",
    seenAs: "Needs a taxed line of several units whose tax cannot be divided by them."
  },
  {
    name: "entry-outside-the-payment",
    title: "The journal entry has a transaction of its own",
    story: {
      happened:
        "Rentemester posted reminders and interest to its ledger in one transaction and noted " +
        "that it had done so in another.",
      because: "A failure between the two left the one without the other.",
      cost: "The next run could not know what was booked, and the books no longer matched."
    },
    source: {
      name: "Rentemester, issue 65",
      url: "https://github.com/mikkelkrogsholm/rentemester/issues/65"
    },
    patches: [
      {
        file: "adapters/src/postgres/money/captures.ts",
        find: `import { paymentRowsOf } from "./paymentRows.ts"`,
        replace: `import { paymentRowsOf } from "./paymentRows.ts"
import { post } from "./posting.ts"`
      },
      {
        file: "adapters/src/postgres/money/captures.ts",
        find: `db.transaction("payments.recordCapture", (tx) =>
    Effect.gen(function* () {`,
        replace: `Effect.gen(function* () {
    const entries: Array<BookedCapture["entry"]> = []
    const outcomes = yield* db.transaction("payments.recordCapture", (tx) =>
    Effect.gen(function* () {`
      },
      {
        file: "adapters/src/postgres/money/captures.ts",
        find: `booking.enter(result.entry)
        booking.receive(item, unapplied)`,
        replace: `entries.push(result.entry)
        booking.receive(item, unapplied)`
      },
      {
        file: "adapters/src/postgres/money/captures.ts",
        find: `return outcomes
    })
  )`,
        replace: `return outcomes
    }))
    yield* post(db, entries)
    return outcomes
  })`
      }
    ],
    breaks: "ledger.matches_payments: each payment event has its entry",
    seenAs: "Needs a process that dies, or a connection that breaks, between the two writes."
  },
  {
    name: "rounding-lost-in-allocation",
    title: "The shares of a discount do not add up to it",
    story: {
      happened:
        "A discount of 10.00 over three equal lines was stored by ERPNext as shares that came to " +
        "9.98.",
      because:
        "Each share was rounded for itself, and what was left over went to the wrong side of the " +
        "equation.",
      cost: "Lines, invoice and ledger told three different stories, a few cents apart."
    },
    source: {
      name: "ERPNext, issue 58042",
      url: "https://github.com/frappe/erpnext/issues/58042"
    },
    patches: [
      {
        file: "core/src/money/allocate.ts",
        find: "if (left > 0n) {",
        replace: "if (left < 0n) {"
      }
    ],
    breaks: "order.lines_sum: every allocation sums to its discount",
    seenAs: "Needs an order of several lines, and a discount that they cannot share evenly."
  }
]
