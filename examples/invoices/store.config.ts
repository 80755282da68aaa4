import { fileURLToPath } from "node:url"
import { defineConfig } from "@doorbuster/cli/config"
import { minor } from "@doorbuster/core/money/Minor"
import { layer } from "./InvoiceProvider.ts"

/** Where the invoices are kept: beside this file, or where INVOICES says. */
const file = process.env["INVOICES"] ?? fileURLToPath(new URL("invoices.sqlite", import.meta.url))

export default defineConfig({
  settings: { port: 8080 },
  ports: { paymentProvider: layer({ file, limit: minor(100_000n) }) }
})
