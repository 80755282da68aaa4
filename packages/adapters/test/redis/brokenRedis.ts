/** Servers that a test breaks, and ways to wait for what a break leads to. */
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { startThrowawayRedis } from "../../../../test/servers/throwawayRedis.ts"

/** A Redis of its own for one test. */
export const throwaway = Effect.acquireRelease(
  Effect.promise(() => startThrowawayRedis()),
  (redis) => Effect.promise(redis.stop)
)

export const ping = Effect.flatMap(RedisClient, ({ command }) =>
  command("ping", (client) => client.ping())
)

const often = Schedule.spaced("20 millis")

/** Asks until Redis answers; a vain wait ends with the test's own time. */
export const answering = Effect.retry(ping, often)

/** Waits until the check holds; a vain wait ends with the test's own time. */
export const until = <E, R>(check: Effect.Effect<boolean, E, R>) =>
  Effect.repeat(check, { schedule: often, until: (holds) => holds })
