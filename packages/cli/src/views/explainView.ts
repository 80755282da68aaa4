import type { Currency } from "@doorbuster/core/money/Currency"
import type { Story } from "../explain/Story.ts"
import type { Moment } from "../explain/timeLine.ts"
import { formatAmount, formatMoney } from "./money.ts"
import { orderHead } from "./orderView.ts"
import { dim } from "./style.ts"
import { facts, table } from "./table.ts"
import { formatTime, isoTime } from "./time.ts"

/** Amounts in minor units; debits are positive. */
export const momentJson = (moment: Moment) => ({
  at: isoTime(moment.at),
  approximate: moment.borrowed,
  source: moment.source,
  event: moment.event,
  amount: moment.amount,
  detail: moment.detail,
  ...(moment.source === "ledger" && { postings: moment.postings })
})

const columns = [
  { title: "time (UTC)" },
  { title: "part" },
  { title: "event" },
  { title: "amount", align: "right" },
  { title: "detail" }
] as const

const rowsOf = (moment: Moment, currency: Currency): ReadonlyArray<ReadonlyArray<string>> => {
  const money = (amount: bigint | null) => (amount === null ? "" : formatAmount(amount, currency))
  const time = `${formatTime(moment.at)}${moment.borrowed ? "~" : ""}`
  const postings = moment.postings.map(({ account, amount }) => [
    "",
    "",
    amount > 0n ? "  debit" : "  credit",
    money(amount > 0n ? amount : -amount),
    `  ${account}`
  ])
  return [[time, moment.source, moment.event, money(moment.amount), moment.detail], ...postings]
}

/** No order: the checkout has not come so far, or it never will. */
const missing = ({ sagas }: Story): string => {
  const [checkout] = sagas.filter(({ kind }) => kind === "checkout")
  if (checkout?.state !== "open") return "never made: its checkout was given up before"
  const why = checkout.lastError === null ? "" : ` (${checkout.lastError})`
  return `not made yet: its checkout is still open${why}; see \`store saga show\``
}

const noCurrency = "EUR" as Currency

export const explainView = (story: Story, moments: ReadonlyArray<Moment>): string => {
  const { money, order, orderId } = story
  const currency = order?.currency ?? money.payments[0]?.currency ?? noCurrency
  const head =
    order === null
      ? facts([
          ["order", orderId],
          ["state", missing(story)]
        ])
      : facts([
          ...orderHead(order),
          ["total", formatMoney(order.total, order.currency)],
          ["refunded", formatMoney(order.refundedTotal, order.currency)]
        ])
  const rows = moments.flatMap((moment) => rowsOf(moment, currency))
  const note = moments.some(({ borrowed }) => borrowed)
    ? [dim("~ the time of the step that did it; reservations keep none of their own")]
    : []
  return [head, table(columns, rows), ...note].join("\n\n")
}
