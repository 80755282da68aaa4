import * as Batcher from "@doorbuster/core/batch/Batcher"
import { AnswerCache, type AnswerKey, type FinalAnswer } from "@doorbuster/core/edge/AnswerCache"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { answerTtlMs, RecentAnswers } from "../memory/RecentAnswers.ts"
import { RedisClient, type RedisConnection } from "./RedisClient.ts"
import { bySlot, slotConcurrency } from "./slots.ts"

const Stored = Schema.fromJsonString(
  Schema.Struct({
    fingerprint: Schema.String,
    answer: Schema.Struct({ status: Schema.Int, body: Schema.String })
  })
)
const decode = Schema.decodeUnknownOption(Stored)
const encode = Schema.encodeSync(Stored)

/** KEYS: the answers' names. ARGV: milliseconds until they end, then the text of each. */
const keepScript = `
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[1]) end
return #KEYS
`

const nameOf = ({ account, key }: AnswerKey): string => `doorbuster:answer:{${account} ${key}}`

/** One call per slot; what cannot be reached is left out. */
const overSlots = <A>(
  redis: RedisConnection,
  items: ReadonlyArray<A>,
  keyOf: (item: A) => AnswerKey,
  run: (group: ReadonlyArray<A>, names: ReadonlyArray<string>) => Effect.Effect<unknown, unknown>
) =>
  Effect.forEach(
    bySlot(redis.isCluster, items, (item) => nameOf(keyOf(item))),
    (group) =>
      Effect.ignore(
        run(
          group,
          group.map((item) => nameOf(keyOf(item)))
        )
      ),
    { concurrency: slotConcurrency, discard: true }
  )

/**
 * Answers that any process gave: those of this one in its memory, those of the others in Redis,
 * which is asked once for all who wait.
 */
export const layer: Layer.Layer<AnswerCache, never, RedisClient> = Layer.effect(
  AnswerCache,
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const scope = yield* Effect.scope
    const recent = new RecentAnswers()
    const keeping = redis.script("answers.keep", keepScript)

    const read = Effect.fnUntraced(function* (keys: ReadonlyArray<AnswerKey>) {
      const found: Array<FinalAnswer | undefined> = keys.map(() => undefined)
      const ask = Effect.fnUntraced(function* (
        group: ReadonlyArray<readonly [number, AnswerKey]>,
        names: ReadonlyArray<string>
      ) {
        const texts = yield* redis.command("answers.find", (client) => client.mget(...names))
        for (const [i, [at, key]] of group.entries()) {
          const stored = decode(texts[i])
          if (Option.isSome(stored)) found[at] = { ...key, ...stored.value }
        }
      })
      yield* overSlots(redis, [...keys.entries()], ([, key]) => key, ask)
      return found
    })
    const write = Effect.fnUntraced(function* (answers: ReadonlyArray<FinalAnswer>) {
      yield* overSlots(
        redis,
        answers,
        (answer) => answer,
        (group, names) => keeping(names, [answerTtlMs, ...group.map((answer) => encode(answer))])
      )
      return answers
    })
    const reads = yield* Batcher.make({ name: "find answers", limit: 256, flush: read })
    const writes = yield* Batcher.make({ name: "keep answers", limit: 256, flush: write })

    const find = Effect.fnUntraced(function* ({ account, key }: AnswerKey) {
      const now = yield* Clock.currentTimeMillis
      const known = recent.get({ account, key }, now)
      if (known !== undefined || !redis.isUp()) return known
      const read = yield* Effect.orElseSucceed(reads.submit({ account, key }), () => undefined)
      if (read !== undefined) recent.put(read, now)
      return read
    })
    const keep = Effect.fnUntraced(function* (answer: FinalAnswer) {
      const isKept = recent.put(answer, yield* Clock.currentTimeMillis)
      // Nobody waits for Redis with an answer in hand.
      if (isKept && redis.isUp()) yield* Effect.forkIn(Effect.ignore(writes.submit(answer)), scope)
    })
    return AnswerCache.of({
      find: (keys) => Effect.forEach(keys, find, { concurrency: "unbounded" }),
      keep: (answers) => Effect.forEach(answers, keep, { concurrency: "unbounded", discard: true })
    })
  })
)
