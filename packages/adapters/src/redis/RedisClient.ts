import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { openDriver, type RedisDriver } from "./connections.ts"
import { type Heard, Listener } from "./Listener.ts"
import { parseAddress } from "./RedisAddress.ts"
import type { RedisUnavailable } from "./RedisUnavailable.ts"
import { countFailure } from "./redisMetrics.ts"
import { makeScript, type RedisScript } from "./script.ts"
import { type Command, within } from "./within.ts"

export type { Heard, RedisDriver }

export interface RedisConnection {
  /** ioredis itself, one node or Cluster. What is sent here directly has no time limit. */
  readonly client: RedisDriver
  /** Whether the keys of one call must lie in one slot. */
  readonly isCluster: boolean
  /**
   * Sends something, and fails when no answer came within the time limit. A write that failed may
   * have happened all the same. Without a connection it fails at once.
   */
  readonly command: Command
  /** A Lua script, sent by its digest; a node that does not know it yet is given the text. */
  readonly script: (operation: string, lua: string) => RedisScript
  readonly publish: (channel: string, text: string) => Effect.Effect<void, RedisUnavailable>
  /** Never ends and never fails: it joins again after each outage, and says so. */
  readonly subscribe: (channel: string) => Stream.Stream<Heard>
  readonly isUp: () => boolean
  /** One element for each time that Redis is there (again), the present time included. */
  readonly ups: Stream.Stream<void>
}

/** Redis, which is asked often and trusted with nothing: it may be gone at any time. */
export class RedisClient extends Context.Service<RedisClient, RedisConnection>()(
  "@doorbuster/adapters/redis/RedisClient"
) {}

export interface Options {
  /** See `RedisAddress`. */
  readonly url: Redacted.Redacted<string>
  /** How long a command may take, milliseconds. */
  readonly commandMsMax?: number
}

/** Longer than any command: a connection that is silent so long while one is out is dead. */
const silenceMsMax = 1_000

/** Waits for the first connection, but not long: a store starts without Redis too. */
const firstUp = (driver: RedisDriver) =>
  Effect.callback<void>((resume) => {
    const done = () => resume(Effect.void)
    driver.once("ready", done)
    return Effect.sync(() => driver.off("ready", done))
  }).pipe(Effect.timeoutOption(silenceMsMax))

const make = (options: Options): Effect.Effect<RedisConnection, never, Scope.Scope> =>
  Effect.gen(function* () {
    const address = parseAddress(Redacted.value(options.url))
    if (address === undefined) return yield* Effect.die(new Error("that is no address of a Redis"))
    const commandMsMax = options.commandMsMax ?? 250
    const client = yield* Effect.acquireRelease(
      Effect.sync(() => openDriver(address, { silenceMsMax })),
      (driver) => Effect.sync(() => driver.disconnect())
    )
    const ups = yield* Effect.acquireRelease(PubSub.sliding<void>(1), PubSub.shutdown)
    // A new node of a cluster may be a replica that was promoted with older data.
    for (const event of ["ready", "+node"])
      client.on(event, () => PubSub.publishUnsafe(ups, undefined))
    const listener = yield* Effect.acquireRelease(
      Effect.sync(() => new Listener(address, client)),
      (open) => Effect.sync(() => open.close())
    )
    const isUp = () => client.status === "ready"
    if (!isUp()) yield* firstUp(client)

    const command: Command = (operation, run) =>
      Effect.tapError(
        within(operation, () => run(client), commandMsMax),
        countFailure
      )
    return {
      client,
      isCluster: address.cluster,
      command,
      script: (operation, lua) => makeScript(command, operation, lua),
      publish: (channel, text) =>
        Effect.asVoid(command("publish", (driver) => driver.publish(channel, text))),
      subscribe: (channel) => Stream.callback<Heard>((queue) => listener.join(channel, queue)),
      isUp,
      ups: Stream.unwrap(
        Effect.map(PubSub.subscribe(ups), (subscription) => {
          const later = Stream.fromSubscription(subscription)
          return isUp() ? Stream.concat(Stream.succeed(undefined), later) : later
        })
      )
    }
  })

export const layer = (options: Options): Layer.Layer<RedisClient> =>
  Layer.effect(RedisClient, make(options))
