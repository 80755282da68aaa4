import { Listening } from "@doorbuster/adapters/http/StoreServer"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { hasKeys, keysOf } from "../configuration/keys.ts"
import { StorePlace } from "../layers.ts"
import type { Program } from "../Program.ts"
import { server } from "../serverLayer.ts"

/** Another program has the port, or the address is not this machine's. */
export class CannotListen extends Schema.TaggedError<CannotListen>()("CannotListen", {
  host: Schema.String,
  port: Schema.Int,
  detail: Schema.String
}) {
  override get message() {
    return (
      `cannot listen on ${this.host}:${this.port} (${this.detail}): ` +
      "choose another one with --port (0 takes a free one) or --host"
    )
  }
}

/** What a server says once it takes requests. */
export interface Ready {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly pid: number
  /** Null on a Postgres server. */
  readonly data_dir: string | null
}

export interface ServeCallbacks {
  readonly onReady: (ready: Ready, keysAreNew: boolean) => void
  readonly onStop: () => void
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : `${cause}`)

/** Serves until it is interrupted, or until its embedded database breaks. */
export const serve =
  ({ onReady, onStop }: ServeCallbacks): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const { dataDir, host, port } = configuration.values
      const keysAreNew = !hasKeys(dataDir)
      const keys = yield* keysOf(configuration)
      const serving = Effect.gen(function* () {
        const listening = yield* Listening
        const place = yield* StorePlace
        const isLocal = place.kind === "embedded"
        const data_dir = isLocal ? place.directory : null
        onReady({ ...listening, pid: process.pid, data_dir }, keysAreNew && hasKeys(dataDir))
        return yield* Effect.onInterrupt(
          isLocal ? Effect.andThen(place.embedded.lost, Effect.never) : Effect.never,
          () => Effect.sync(onStop)
        )
      })
      return yield* serving.pipe(
        Effect.provide(server(configuration, keys)),
        Effect.catchTag(
          "ServeError",
          ({ cause }) => new CannotListen({ host, port, detail: reasonOf(cause) })
        )
      )
    })
