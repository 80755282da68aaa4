import { Sessions } from "@doorbuster/core/edge/Sessions"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { flow } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { EndedSessions } from "../memory/EndedSessions.ts"
import { listen } from "./listen.ts"
import { RedisClient } from "./RedisClient.ts"
import { unavailable } from "./RedisUnavailable.ts"

const channel = "doorbuster:sessions:news"
const listKey = "doorbuster:sessions:ended"
const pageSize = 1_000

const News = Schema.fromJsonString(Schema.Tuple([Schema.String, Schema.Int]))
const encodeNews = Schema.encodeSync(News)
const decodeNews = Schema.decodeUnknownOption(News)

/**
 * KEYS: the list of what was ended, by its own end. ARGV: the time, the session, its own end.
 * Forgets those whose own end has come.
 */
const endScript = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
return 1
`

/** What was ended before is not said again, so it is read until that has worked. */
const catchUp = flow(Effect.retry(Schedule.spaced("1 second")), Effect.ignore)

/**
 * Every process holds all of what was ended, so that no request has to ask: it reads the list when
 * it begins to listen, and again after each outage. A Redis that lost the list takes nothing away
 * from processes that know it.
 */
export const layer: Layer.Layer<Sessions, never, RedisClient> = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const clock = yield* Clock.Clock
    const ended = new EndedSessions()
    const now = () => clock.currentTimeMillisUnsafe()
    const ending = redis.script("sessions.end", endScript)

    const readAll = Effect.gen(function* () {
      for (let offset = 0; ; offset += pageSize) {
        const page = yield* redis.command("sessions.read", (client) =>
          client.zrangebyscore(listKey, now(), "+inf", "WITHSCORES", "LIMIT", offset, pageSize)
        )
        for (let at = 0; at < page.length; at += 2) {
          ended.add(String(page[at]), Number(page[at + 1]), now())
        }
        if (page.length < pageSize * 2) return
      }
    })
    yield* listen(redis, channel, (heard) => {
      if (heard._tag === "Joined") return catchUp(readAll)
      const news = decodeNews(heard.text)
      return Effect.sync(() => {
        if (Option.isSome(news)) ended.add(...news.value, now())
      })
    })
    return Sessions.of({
      end: Effect.fnUntraced(function* (session, until) {
        ended.add(session, until, now())
        yield* ending([listKey], [now(), session, until])
        yield* redis.publish(channel, encodeNews([session, until]))
      }, Effect.mapError(unavailable)),
      isEnded: (session) => ended.has(session)
    })
  })
)
