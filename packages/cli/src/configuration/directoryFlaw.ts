import { accessSync, constants, existsSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Something else lies there, or this user may not write there. */
export class DataDirectoryUnusable extends Schema.TaggedError<DataDirectoryUnusable>()(
  "DataDirectoryUnusable",
  { directory: Schema.String, detail: Schema.String }
) {
  override get message() {
    return (
      `the data directory ${this.directory} ${this.detail}: ` +
      "choose another one with --data-dir or STORE_DATA_DIR"
    )
  }
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code)

const flawOf = (path: string): string | undefined => {
  if (!statSync(path).isDirectory()) return "is a file"
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `cannot be written (${codeOf(error)})`
  }
}

/** What stands in its way, as in "... is a file"; looks only, and makes nothing. */
export const directoryFlaw = (dataDir: string): string | undefined => {
  const directory = resolve(dataDir)
  let path = directory
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  const flaw = flawOf(path)
  if (flaw === undefined || path === directory) return flaw
  return `cannot be made, because ${path} ${flaw}`
}

/** Refuses a place where nothing can be kept. */
export const ensureUsable = Effect.fnUntraced(function* (dataDir: string) {
  const detail = directoryFlaw(dataDir)
  if (detail !== undefined) {
    return yield* new DataDirectoryUnusable({ directory: resolve(dataDir), detail })
  }
})
