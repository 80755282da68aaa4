import * as Effect from "effect/Effect"
import type { RedisDriver } from "./connections.ts"
import { RedisUnavailable, redisUnavailable } from "./RedisUnavailable.ts"

export type Command = <A>(
  operation: string,
  run: (client: RedisDriver) => Promise<A>
) => Effect.Effect<A, RedisUnavailable>

/** The answer of a driver's call, or a failure after `msMax` milliseconds. */
export const within = <A>(
  operation: string,
  run: () => Promise<A>,
  msMax: number
): Effect.Effect<A, RedisUnavailable> =>
  Effect.callback<A, RedisUnavailable>((resume) => {
    const late = () => {
      const detail = `no answer within ${msMax} ms`
      resume(Effect.fail(new RedisUnavailable({ operation, reason: "timeout", detail })))
    }
    let grace: NodeJS.Immediate | undefined
    // Where this process was busy for so long, the answer lies in the socket and is not yet read:
    // the next turn of the event loop reads it first.
    const timer = setTimeout(() => {
      grace = setImmediate(() => {
        grace = setImmediate(late)
      })
    }, msMax)
    const settle = (effect: Effect.Effect<A, RedisUnavailable>) => {
      clearTimeout(timer)
      clearImmediate(grace)
      resume(effect)
    }
    // A driver that throws has refused too.
    const asked = new Promise<A>((answer) => answer(run()))
    asked.then(
      (answer) => settle(Effect.succeed(answer)),
      (cause) => settle(Effect.fail(redisUnavailable(operation, cause)))
    )
    return Effect.sync(() => {
      clearTimeout(timer)
      clearImmediate(grace)
    })
  })
