/** The HTTP server over the store; apart from `layers.ts`, because few commands need its weight. */
import { HttpSecrets } from "@doorbuster/adapters/http/identity/HttpSecrets"
import { serve } from "@doorbuster/adapters/http/StoreServer"
import * as Layer from "effect/Layer"
import type { Configuration } from "./configuration/Configuration.ts"
import type { Keys } from "./configuration/keys.ts"
import { worker } from "./layers.ts"

const sessionTtlMs = 30 * 24 * 60 * 60_000

/** Owns the embedded directory, applies migrations, and then listens. */
export const server = (configuration: Configuration, keys: Keys) => {
  const { host, port } = configuration.values
  return serve({ host, port }).pipe(
    Layer.provide(Layer.succeed(HttpSecrets, { ...keys, sessionTtlMs })),
    Layer.provideMerge(worker(configuration, "own"))
  )
}
