import { randomBytes } from "node:crypto"
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeDirectory } from "@doorbuster/adapters/embedded/makeDirectory"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Configuration } from "./Configuration.ts"
import { type DataDirectoryUnusable, ensureUsable } from "./directoryFlaw.ts"

/** What a server signs and checks with. */
export interface Keys {
  readonly staffToken: Redacted.Redacted<string>
  readonly webhookSecret: Redacted.Redacted<string>
  readonly sessionKey: Redacted.Redacted<string>
}

/** The file of generated keys cannot be written or read. */
export class KeysUnusable extends Schema.TaggedError<KeysUnusable>()("KeysUnusable", {
  path: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return (
      `the keys in ${this.path} cannot be used (${this.detail}): make the file readable, ` +
      "or move it away to have new ones (guests then need new sessions)"
    )
  }
}

const KeysFile = Schema.fromJsonString(
  Schema.Struct({
    staff_token: Schema.String,
    webhook_secret: Schema.String,
    session_key: Schema.String
  })
)
const decode = Schema.decodeUnknownSync(KeysFile)

export const keysPath = (dataDir: string): string => join(dataDir, "keys.json")
export const hasKeys = (dataDir: string): boolean => existsSync(keysPath(dataDir))

const generate = () => ({
  staff_token: randomBytes(24).toString("base64url"),
  webhook_secret: randomBytes(32).toString("base64url"),
  session_key: randomBytes(32).toString("base64url")
})

/** Written whole under another name and linked: of two that generate at once, one wins. */
const writeOnce = (dataDir: string) => {
  makeDirectory(dataDir, 0o700)
  const draft = `${keysPath(dataDir)}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(generate(), null, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, keysPath(dataDir))
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "EEXIST") throw error
  } finally {
    rmSync(draft)
  }
}

/**
 * The configured keys; those that are not are generated once and kept beside the data, readable
 * by its owner only, so that a restart knows the tokens it gave out before.
 */
export const keysOf = ({
  values
}: Configuration): Effect.Effect<Keys, KeysUnusable | DataDirectoryUnusable> => {
  const { dataDir, sessionKey, staffToken, webhookSecret } = values
  if (staffToken !== undefined && webhookSecret !== undefined && sessionKey !== undefined) {
    return Effect.succeed({ staffToken, webhookSecret, sessionKey })
  }
  const path = keysPath(dataDir)
  const read = Effect.try({
    try: () => {
      if (!existsSync(path)) writeOnce(dataDir)
      const kept = decode(readFileSync(path, "utf8"))
      return {
        staffToken: staffToken ?? Redacted.make(kept.staff_token),
        webhookSecret: webhookSecret ?? Redacted.make(kept.webhook_secret),
        sessionKey: sessionKey ?? Redacted.make(kept.session_key)
      }
    },
    catch: (error) =>
      new KeysUnusable({ path, detail: error instanceof Error ? error.message : String(error) })
  })
  return hasKeys(dataDir) ? read : Effect.andThen(ensureUsable(dataDir), read)
}
