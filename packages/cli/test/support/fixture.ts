import { fileURLToPath } from "node:url"

/** Half a year of a real shop. */
export const fixture = fileURLToPath(
  new URL("../../../../fixtures/uci-online-retail", import.meta.url)
)

/** Its first week: 611 orders, and the state that they end in wherever they are replayed. */
export const firstWeek = ["--to", "2010-12-08"]
export const digestOfFirstWeek = "9a0faa418f2a6299c901e6d602a2b61b43fe71aa5597bab4ba78da95e9b9b04c"
