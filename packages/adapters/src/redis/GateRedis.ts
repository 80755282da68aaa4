import { randomUUID } from "node:crypto"
import {
  Gate,
  type GateAnswer,
  type GateLine,
  type GateRequest,
  guardMs
} from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type GateCounters, makeCounters } from "./GateCounters.ts"
import { listScript } from "./gateScripts.ts"
import { LevelMirror } from "./LevelMirror.ts"
import { listen } from "./listen.ts"
import { RedisClient } from "./RedisClient.ts"

const channel = "doorbuster:gate:levels"
const listKey = "doorbuster:gate:guarded"

/** Keys with their counters; null: not guarded any more. `from`: who has heard them already. */
const News = Schema.fromJsonString(
  Schema.Struct({
    from: Schema.String,
    levels: Schema.Array(Schema.Tuple([Schema.String, Schema.NullOr(Schema.Int)]))
  })
)
type Levels = (typeof News.Type)["levels"]
const decodeNews = Schema.decodeUnknownOption(News)

const passed: GateAnswer = { _tag: "Passed" }

/** A request on its way: the parts that one slot each can answer, taken in the order of slots. */
interface Passage {
  readonly parts: ReadonlyArray<ReadonlyArray<GateLine>>
  taken: number
  answer: GateAnswer
}

const hear = (mirror: LevelMirror, news: Levels): void => {
  for (const [key, available] of news) {
    if (available === null) mirror.forget(key as StockKey)
    else mirror.hear(key as StockKey, available)
  }
}

/**
 * Every request takes its parts in the same order, so that two which want the same keys do not each
 * hold what the other one lacks; one that is refused gives back what it took.
 */
const pass = Effect.fnUntraced(function* (
  counters: GateCounters,
  batch: ReadonlyArray<GateRequest>
) {
  const passages = batch.map(
    ({ lines }): Passage => ({ parts: counters.split(lines), taken: 0, answer: passed })
  )
  const back: Array<GateLine> = []
  for (;;) {
    const waiting = passages.filter(
      ({ answer, parts, taken }) => answer._tag === "Passed" && taken < parts.length
    )
    if (waiting.length === 0) break
    const answers = yield* counters.take(waiting.map(({ parts, taken }) => parts[taken] ?? []))
    for (const [i, passage] of waiting.entries()) {
      passage.answer = answers[i] ?? passage.answer
      if (passage.answer._tag === "Passed") passage.taken += 1
      else back.push(...passage.parts.slice(0, passage.taken).flat())
    }
  }
  if (back.length > 0) yield* counters.give(back)
  return { answers: passages.map(({ answer }) => answer), back }
})

/**
 * In a cluster a request may be refused for units that another one held for a moment and gave back:
 * those are asked for once more.
 */
const enter = Effect.fnUntraced(function* (
  counters: GateCounters,
  batch: ReadonlyArray<GateRequest>
) {
  const { answers, back } = yield* pass(counters, batch)
  if (back.length === 0) return answers
  const held = new Set(back.map(({ key }) => key))
  const again = [...answers.entries()].flatMap(([at, answer]) => {
    const request = batch[at]
    const isDue = answer._tag === "SoldOut" && held.has(answer.key) && request !== undefined
    return isDue ? [{ at, request }] : []
  })
  const second = yield* pass(
    counters,
    again.map(({ request }) => request)
  )
  for (const [i, { at }] of again.entries())
    answers[at] = second.answers[i] ?? answers[at] ?? passed
  return answers
})

/**
 * The gate in Redis, one for all processes. What cannot be reached lets pass, and what was sent
 * when the answer got lost may still be counted: the next `set` puts it right.
 */
export const layer: Layer.Layer<Gate, never, RedisClient> = Layer.effect(
  Gate,
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const redis = yield* RedisClient
    const now = () => clock.currentTimeMillisUnsafe()
    const mirror = new LevelMirror(now)
    const self = randomUUID()
    const publish = (levels: Levels) =>
      levels.length === 0
        ? Effect.void
        : Effect.ignore(redis.publish(channel, JSON.stringify({ from: self, levels })))
    const counters = makeCounters(redis, mirror, publish)
    const list = redis.script("gate.list", listScript)

    yield* listen(redis, channel, (heard) =>
      Effect.sync(() => {
        if (heard._tag === "Joined") return mirror.forgetAll()
        const news = decodeNews(heard.text)
        if (Option.isSome(news) && news.value.from !== self) hear(mirror, news.value.levels)
      })
    )
    return Gate.of({
      enter: (batch) => enter(counters, batch),
      leave: (batch) => counters.give(batch.flatMap(({ lines }) => lines)),
      set: Effect.fnUntraced(function* (levels) {
        if (levels.length === 0) return
        yield* counters.set(levels)
        const until = now() + guardMs
        const listed = levels.flatMap(({ key }) => [until, key])
        yield* Effect.ignore(list([listKey], [now(), ...listed]))
        yield* publish(levels.map(({ available, key }) => [key, available]))
      }),
      remove: Effect.fnUntraced(function* (keys) {
        if (keys.length === 0) return
        yield* counters.remove(keys)
        yield* Effect.ignore(
          redis.command("gate.unlist", (client) => client.zrem(listKey, ...keys))
        )
        yield* publish(keys.map((key) => [key, null]))
      }),
      guarded: redis
        .command("gate.guarded", (client) => client.zrangebyscore(listKey, now(), "+inf"))
        .pipe(
          Effect.map((keys) => keys as Array<string> as Array<StockKey>),
          Effect.orElseSucceed(() => mirror.keys())
        ),
      peek: (key) => (redis.isUp() ? mirror.get(key) : undefined)
    })
  })
)
