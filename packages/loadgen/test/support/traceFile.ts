import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"

/** Half a year of a real shop. */
export const fixture = fileURLToPath(
  new URL("../../../../fixtures/uci-online-retail", import.meta.url)
)

const header = "order_ref,line_no,at,kind,line_kind,sku,qty,unit_price,customer,country"
const catalogHeader = "sku,line_kind,name,currency,usual_unit_price"

export const traceText = (rows: ReadonlyArray<string>): string =>
  `${[header, ...rows].join("\n")}\n`

/** A shop's directory with these rows; it is gone when the scope closes. */
export const traceDirectory = (rows: ReadonlyArray<string>, catalog: ReadonlyArray<string> = []) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const directory = mkdtempSync(join(tmpdir(), "doorbuster-trace-"))
      writeFileSync(join(directory, "order-lines.csv.gz"), gzipSync(traceText(rows)))
      writeFileSync(join(directory, "catalog.csv"), [catalogHeader, ...catalog].join("\n"))
      return directory
    }),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
  )
