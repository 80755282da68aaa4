import { createHash } from "node:crypto"
import type * as Effect from "effect/Effect"
import type { RedisUnavailable } from "./RedisUnavailable.ts"
import type { Command } from "./within.ts"

type Argument = string | number | Buffer

/** Runs on the node of its keys, which all have one tag. */
export type RedisScript = (
  keys: ReadonlyArray<string>,
  args: ReadonlyArray<Argument>
) => Effect.Effect<unknown, RedisUnavailable>

const isUnknown = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.startsWith("NOSCRIPT")

/** A node forgets its scripts when it restarts, and a new master of a cluster knows none. */
export const makeScript = (command: Command, operation: string, lua: string): RedisScript => {
  const digest = createHash("sha1").update(lua).digest("hex")
  return (keys, args) =>
    command(operation, (client) =>
      client.evalsha(digest, keys.length, ...keys, ...args).catch((cause: unknown) => {
        if (!isUnknown(cause)) throw cause
        return client.eval(lua, keys.length, ...keys, ...args)
      })
    )
}
