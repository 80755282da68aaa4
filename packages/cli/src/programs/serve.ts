import cluster from "node:cluster"
import { Listening } from "@doorbuster/adapters/http/StoreServer"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { asWorker, metrics, tellReady } from "../cluster/inWorker.ts"
import { keepHerd } from "../cluster/primary.ts"
import type { Configuration } from "../configuration/Configuration.ts"
import { hasKeys, keysOf } from "../configuration/keys.ts"
import { isEmbedded, StorePlace } from "../databases.ts"
import { migrated } from "../layers.ts"
import type { Program } from "../Program.ts"
import { server } from "../serverLayer.ts"
import { UsageRefused } from "./refund.ts"

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
  /** The process that a signal stops. */
  readonly pid: number
  /** Null on a Postgres server. */
  readonly data_dir: string | null
  readonly workers: number
  /** The processes that take requests. */
  readonly pids: ReadonlyArray<number>
}

export interface ServeCallbacks {
  readonly onReady: (ready: Ready, keysAreNew: boolean) => void
  readonly onStop: () => void
  /** Something that an operator wants to know. */
  readonly say: (line: string) => void
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : `${cause}`)

/** What one process alone can do, and several cannot. */
const flawOf = ({ values }: Configuration, embedded: boolean): string | undefined => {
  const { orderQueue, redisUrl, role, workers } = values
  if (embedded && workers > 1) {
    return (
      "--workers above 1 needs a Postgres server (--database-url): " +
      "the embedded database belongs to one process"
    )
  }
  if (embedded && role !== "all") {
    return (
      `--role ${role} needs a Postgres server (--database-url): ` +
      "the embedded database belongs to one process, which does everything"
    )
  }
  if (orderQueue && redisUrl === undefined && (workers > 1 || role !== "all")) {
    return "--order-queue over several processes needs a Redis that they share: set REDIS_URL"
  }
}

/** Serves in this process until it is interrupted, or until its embedded database breaks. */
const serveHere = Effect.fnUntraced(function* (
  configuration: Configuration,
  { onReady, onStop }: Pick<ServeCallbacks, "onReady" | "onStop">
) {
  const { dataDir, host, port } = configuration.values
  const keysAreNew = !hasKeys(dataDir)
  const keys = yield* keysOf(configuration)
  const serving = Effect.gen(function* () {
    const { host, port, url } = yield* Listening
    const place = yield* StorePlace
    const isLocal = place.kind === "embedded"
    const data_dir = isLocal ? place.directory : null
    const { pid } = process
    const ready = { url, host, port, pid, data_dir, workers: 1, pids: [pid] }
    onReady(ready, keysAreNew && hasKeys(dataDir))
    return yield* Effect.onInterrupt(
      isLocal ? Effect.andThen(place.embedded.lost, Effect.never) : Effect.never,
      () => Effect.sync(onStop)
    )
  })
  const access = cluster.isWorker ? "existing" : "own"
  return yield* serving.pipe(
    Effect.provide(server(configuration, keys, access)),
    Effect.catchTag(
      "ServeError",
      ({ cause }) => new CannotListen({ host, port, detail: reasonOf(cause) })
    )
  )
})

/** The keys are made and the schema is migrated once, before there is anybody to race with. */
const serveWithWorkers = Effect.fnUntraced(function* (
  configuration: Configuration,
  { onReady, onStop, say }: ServeCallbacks
) {
  const { dataDir, workers } = configuration.values
  const keysAreNew = !hasKeys(dataDir)
  yield* keysOf(configuration)
  yield* Effect.scoped(migrated(configuration))
  yield* keepHerd({
    workers,
    say,
    onReady: ({ listening, pids }) =>
      onReady(
        { ...listening, pid: process.pid, data_dir: null, workers, pids },
        keysAreNew && hasKeys(dataDir)
      )
  }).pipe(Effect.onInterrupt(() => Effect.sync(onStop)))
  return undefined
})

const quiet = () => undefined

/** Serves until it is interrupted; with `workers`, in so many processes that share the port. */
export const serve =
  (callbacks: ServeCallbacks): Program =>
  (configuration) =>
    Effect.gen(function* () {
      if (cluster.isWorker) {
        const here = serveHere(configuration, { onReady: tellReady, onStop: quiet })
        return yield* asWorker(Effect.provide(here, metrics))
      }
      const problem = flawOf(configuration, isEmbedded(configuration))
      if (problem !== undefined) return yield* new UsageRefused({ problem })
      if (configuration.values.workers > 1) {
        return yield* serveWithWorkers(configuration, callbacks)
      }
      return yield* serveHere(configuration, callbacks)
    })
