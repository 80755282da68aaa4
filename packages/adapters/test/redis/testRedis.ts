import { layer } from "@doorbuster/adapters/redis/RedisClient"
import * as Redacted from "effect/Redacted"

const shared = () => {
  const url = process.env["REDIS_URL_TEST"]
  if (url === undefined) throw new Error("REDIS_URL_TEST is unset: run this through vitest")
  return url
}

/**
 * A client of the Redis at this address; the one that all tests share where none is given. More
 * patient than in a store: a busy machine is no outage.
 */
export const redisLayer = (url: string = shared(), commandMsMax = 900) =>
  layer({ url: Redacted.make(url), commandMsMax })
