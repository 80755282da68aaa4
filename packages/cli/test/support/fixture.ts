import { fileURLToPath } from "node:url"

/** Half a year of a real shop. */
export const fixture = fileURLToPath(
  new URL("../../../../fixtures/uci-online-retail", import.meta.url)
)

/** Its first week: 611 orders, and the state that they end in wherever they are replayed. */
export const firstWeek = ["--to", "2010-12-08"]
export const digestOfFirstWeek = "8c0150e473dced8a8158d774143a74f7e6883b10d451a01f1d8003116eb0be85"
