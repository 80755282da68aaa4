import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"

/** A place for a history that goes with the scope. */
export const historyPlace = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-history-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, maxRetries: 3 }))
  ),
  (folder) => join(folder, "history.ndjson")
)

/** A file with these lines. */
export const historyFile = Effect.fnUntraced(function* (...lines: ReadonlyArray<string>) {
  const file = yield* historyPlace
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""))
  return file
})
