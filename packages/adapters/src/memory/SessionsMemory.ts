import { Sessions } from "@doorbuster/core/edge/Sessions"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { EndedSessions } from "./EndedSessions.ts"

/** For a store of one process: what was ended is forgotten when it ends. */
export const layer: Layer.Layer<Sessions> = Layer.sync(Sessions, () => {
  const ended = new EndedSessions()
  return Sessions.of({
    end: (session, until) =>
      Effect.map(Clock.currentTimeMillis, (now) => ended.add(session, until, now)),
    isEnded: (session) => ended.has(session)
  })
})
