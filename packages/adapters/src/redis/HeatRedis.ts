import { Heat, type HeatReport, reportTtlMs } from "@doorbuster/core/edge/heat/Heat"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { RedisClient } from "./RedisClient.ts"

/** One hash for all processes: it is on one node, and one call both writes and reads it. */
const key = "doorbuster:heat"

/**
 * Sets a process's field and answers those that were renewed lately. Fields have no expiry of their
 * own, so each begins with the time of the server, and whoever comes by removes what is too old.
 */
const lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ttl)
local fields = redis.call('HGETALL', KEYS[1])
local reports = {}
for i = 1, #fields, 2 do
  local at, text = string.match(fields[i + 1], '^(%d+) (.*)$')
  if at and now - tonumber(at) < ttl and tonumber(at) <= now + ttl then
    reports[#reports + 1] = fields[i]
    reports[#reports + 1] = text
  else
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
return reports
`

const Amount = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

const Sketch = Schema.fromJsonString(
  Schema.Struct({
    capacity: Schema.Int.check(Schema.isGreaterThan(0)),
    total: Amount,
    floor: Amount,
    entries: Schema.Array(Schema.Struct({ key: Schema.String, count: Amount, error: Amount }))
  })
)
const encode = Schema.encodeSync(Sketch)
const decode = Schema.decodeUnknownOption(Sketch)

/** What another version has written, and this one cannot read, is left out. */
const reportsOf = (answer: unknown, own: HeatReport): ReadonlyArray<HeatReport> => {
  const fields = Array.isArray(answer) ? answer : []
  const reports = [own]
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const process: unknown = fields[i]
    const sketch = decode(fields[i + 1])
    if (typeof process !== "string" || process === own.process) continue
    if (sketch._tag === "Some") reports.push({ process, sketch: sketch.value })
  }
  return reports
}

/** Through Redis; while it cannot be reached, each process knows of itself. */
export const layer: Layer.Layer<Heat, never, RedisClient> = Layer.effect(
  Heat,
  Effect.gen(function* () {
    const { script } = yield* RedisClient
    const exchange = script("heat.exchange", lua)
    return Heat.of({
      exchange: (report) =>
        Effect.match(exchange([key], [report.process, encode(report.sketch), reportTtlMs]), {
          onFailure: () => [report],
          onSuccess: (answer) => reportsOf(answer, report)
        })
    })
  })
)
