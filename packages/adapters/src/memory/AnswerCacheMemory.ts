import { AnswerCache } from "@doorbuster/core/edge/AnswerCache"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RecentAnswers } from "./RecentAnswers.ts"

/** Answers that this process gave or read. */
export const layer: Layer.Layer<AnswerCache> = Layer.sync(AnswerCache, () => {
  const recent = new RecentAnswers()
  return AnswerCache.of({
    find: (keys) =>
      Effect.map(Clock.currentTimeMillis, (now) => keys.map((key) => recent.get(key, now))),
    keep: (answers) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        for (const answer of answers) recent.put(answer, now)
      })
  })
})
