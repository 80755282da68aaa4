import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Heard, RedisConnection } from "./RedisClient.ts"

const patienceMs = 1_000

/**
 * Listens to a channel until the scope closes. Comes back when the channel is joined and that
 * was heard, so that nothing said later is missed; but a store starts without Redis too.
 */
export const listen = (
  redis: RedisConnection,
  channel: string,
  hear: (heard: Heard) => Effect.Effect<void>
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const joined = yield* Deferred.make<void>()
    yield* Effect.forkScoped(
      Stream.runForEach(redis.subscribe(channel), (heard) =>
        Effect.andThen(
          hear(heard),
          heard._tag === "Joined" ? Deferred.succeed(joined, undefined) : Effect.void
        )
      )
    )
    if (redis.isUp()) yield* Effect.timeoutOption(Deferred.await(joined), patienceMs)
  })
