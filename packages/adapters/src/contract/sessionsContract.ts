import { Sessions } from "@doorbuster/core/edge/Sessions"
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshName } from "./fresh.ts"
import { type Promises, suite } from "./suite.ts"

const hour = 3_600_000

const sessions: Promises<Sessions> = {
  "takes no session for ended that nobody has ended": Effect.gen(function* () {
    const { isEnded } = yield* Sessions
    assert.isFalse(isEnded(yield* freshName("session")))
  }),

  "knows an ended session at once, and ends no other one": Effect.gen(function* () {
    const { end, isEnded } = yield* Sessions
    const [session, other] = [yield* freshName("session"), yield* freshName("session")]
    const until = (yield* Clock.currentTimeMillis) + hour
    yield* end(session, until)
    yield* end(session, until)
    assert.deepStrictEqual([isEnded(session), isEnded(other)], [true, false])
  }),

  "keeps nothing about a session that is over by itself": Effect.gen(function* () {
    const { end, isEnded } = yield* Sessions
    const session = yield* freshName("session")
    yield* end(session, (yield* Clock.currentTimeMillis) - 1)
    assert.isFalse(isEnded(session))
  })
}

/** What every `Sessions` promises. */
export const sessionsContract = <E>(name: string, adapter: Layer.Layer<Sessions, E>): void =>
  suite(`Sessions contract: ${name}`, adapter, [sessions])
