import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { EmbeddedPostgres, type SocketConfig } from "../../src/embedded/EmbeddedPostgres.ts"

export interface OpenStore {
  readonly config: SocketConfig
  stop(): Promise<void>
}

/** A data directory that is removed by `remove`. */
export const temporaryDirectory = () => {
  const path = mkdtempSync(join(tmpdir(), "store-test-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Owns `dataDir` until stopped. */
export const openStore = async (dataDir: string): Promise<OpenStore> => {
  const runtime = ManagedRuntime.make(EmbeddedPostgres.layer(dataDir))
  const { config } = await runtime.runPromise(EmbeddedPostgres)
  return { config, stop: () => runtime.dispose() }
}
