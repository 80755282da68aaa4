import type { DemoReport } from "../demo/DemoReport.ts"
import { currency } from "../demo/doorbuster.ts"
import { formatCount, formatMoney } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { facts } from "./table.ts"
import { formatDuration } from "./time.ts"

const count = (value: number | undefined): string => formatCount(value ?? 0)
const duration = (value: number | undefined): string => formatDuration(value ?? 0)

const happened = ({ crash, elapsed_ms, replay, sale, seed }: DemoReport): string =>
  facts([
    ["the shop", `${count(seed.products)} products, ${count(seed.stock.units)} units in stock`],
    [
      "its busiest day",
      `${count(replay.orders)} orders with ${count(replay.lines)} lines, ` +
        `${formatMoney(replay.gross_minor, currency)} taken, ` +
        `${formatMoney(replay.refunds_minor, currency)} given back`
    ],
    [
      "the sale",
      `${count(sale["buyers"])} buyers, ${count(sale["units"])} units, ` +
        `${count(sale["requests"])} requests; half were answered within ` +
        `${duration(sale["latency_ms_p50"])}, 99 of 100 within ${duration(sale["latency_ms_p99"])}`
    ],
    [
      "the crash",
      `kill -9 when ${count(crash["winners_before"])} buyers had been told yes; ` +
        `${count(crash["sagas_cut_short"])} checkouts were cut short`
    ],
    [
      "the recovery",
      `taking orders again after ${duration(crash["down_ms"])}, all finished ` +
        `${duration(crash["recovered_ms"])} later`
    ],
    ["all in all", duration(elapsed_ms)]
  ])

const promises = ({ promises: all }: DemoReport): string =>
  all
    .map(({ found, kept, promise }) => {
      const verdict = kept ? green("kept  ") : red("BROKEN")
      return `${verdict}  ${promise}\n        ${dim(found)}`
    })
    .join("\n")

const verdict = ({ ok }: DemoReport): string =>
  ok ? green("Every promise was kept.") : red("A promise was broken.")

/** A summary for somebody who sees the store for the first time. */
export const demoView = (report: DemoReport): string =>
  [
    bold("What happened"),
    happened(report),
    "",
    bold("What was promised, and what was found"),
    promises(report),
    "",
    bold(verdict(report)),
    dim("Run `store --help` to see what else there is; `store serve` opens a shop of your own.")
  ].join("\n")
