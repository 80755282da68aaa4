import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDatabase } from "../../../../test/servers/database.ts"

/** Where a store may be kept, as flags that name it. */
export interface Place {
  readonly flags: Readonly<Record<"data-dir" | "database-url", string | undefined>>
  /** The same on a command line. */
  readonly args: ReadonlyArray<string>
  readonly remove: () => Promise<void>
}

export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), "doorbuster-cli-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}

export const embeddedPlace = async (): Promise<Place> => {
  const { path, remove } = temporaryFolder()
  return {
    flags: { "data-dir": path, "database-url": undefined },
    args: ["--data-dir", path],
    remove: async () => remove()
  }
}

/** An empty database on the test server; keys go to a folder of its own. */
export const serverPlace = async (): Promise<Place> => {
  const { path, remove } = temporaryFolder()
  const { drop, url } = await createDatabase()
  return {
    flags: { "data-dir": path, "database-url": url },
    args: ["--data-dir", path, "--database-url", url],
    remove: async () => {
      await drop()
      remove()
    }
  }
}

export const places = [
  ["the embedded Postgres", embeddedPlace],
  ["a Postgres server", serverPlace]
] as const
