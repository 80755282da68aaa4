import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { paymentProviderContract } from "@doorbuster/adapters/contract"
import { minor } from "@doorbuster/core/money/Minor"
import { afterAll } from "vitest"
import { layer } from "./InvoiceProvider.ts"

const folder = mkdtempSync(join(tmpdir(), "invoices-"))
afterAll(() => rmSync(folder, { recursive: true }))

const invoices = layer({ file: join(folder, "invoices.sqlite"), limit: minor(100_000n) })
paymentProviderContract("invoices", invoices, { declined: minor(100_001n) })
