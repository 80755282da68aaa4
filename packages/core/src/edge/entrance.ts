/** Asks the gate on behalf of requests, several at a time. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Batcher from "../batch/Batcher.ts"
import type { Counters } from "./counters.ts"
import type { Short } from "./demand.ts"
import type { Gate, GateAnswer, GateLine, GateRequest } from "./Gate.ts"
import type { Entry, GateKeeper, Work } from "./GateKeeper.ts"
import { makeInside } from "./inside.ts"
import type { WatchList } from "./WatchList.ts"

interface Parts {
  readonly gate: (typeof Gate)["Service"]
  readonly clock: Clock.Clock
  readonly watched: WatchList
  readonly counters: Counters
}

type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

interface Guarded<A, E> {
  readonly entry: Entry
  readonly lines: ReadonlyArray<GateLine>
  readonly work: Effect.Effect<A, E>
}

const passed: GateAnswer = { _tag: "Passed" }

export const makeEntrance = ({
  clock,
  counters,
  gate,
  watched
}: Parts): Effect.Effect<GateKeeper, never, Scope.Scope> =>
  Effect.gen(function* () {
    const inside = makeInside(clock)
    const asking = yield* Batcher.make({
      name: "gate",
      limit: 512,
      lanes: 2,
      flush: (batch: ReadonlyArray<GateRequest>) => gate.enter(batch)
    })
    /** A gate that is being taken down lets pass. */
    const ask = (request: GateRequest) => Effect.orElseSucceed(asking.submit(request), () => passed)

    /** Whether this process keeps the key's counter; it takes up what another one guards. */
    const isKept = ({ key }: GateLine) =>
      watched.want(key) || (gate.peek(key) !== undefined && watched.add(key))

    const isShort = (line: GateLine): Short | undefined => {
      if (!isKept(line)) return undefined
      const { key, quantity } = line
      const available = gate.peek(key)
      if (available === undefined || available >= quantity) return undefined
      if (!watched.isShort(key, quantity)) return undefined
      return { key, requested: quantity, available }
    }

    /** Whatever interrupts it, nobody is left standing at the gate or behind it. */
    const guarded = Effect.fnUntraced(function* <A, E, E2>(
      restore: Restore,
      { entry, lines, work }: Guarded<A, E>,
      { refusal, took }: Work<A, E, E2>
    ) {
      const known = yield* inside.answerFor(entry, lines)
      if (known?._tag === "Passed") return yield* restore(work)
      const answer = known ?? (yield* ask({ lines }))
      const isSoldOut = answer._tag === "SoldOut"
      if (isSoldOut && (known !== null || watched.isShort(answer.key, answer.requested))) {
        if (known === null) inside.refuse(entry, answer)
        return yield* Effect.fail(refusal(answer))
      }
      inside.enter(entry)
      const exit = yield* Effect.exit(restore(work))
      const isTaken = took(exit)
      if (isTaken === null) inside.stray(entry)
      else inside.end(entry)
      if (isTaken === false && !isSoldOut) yield* gate.leave([{ lines }])
      return yield* exit
    })

    const pass: GateKeeper["pass"] = <A, E, E2>(
      entry: Entry,
      work: Effect.Effect<A, E>,
      by: Work<A, E, E2>
    ) =>
      Effect.suspend((): Effect.Effect<A, E | E2> => {
        const lines = counters.areTrusted() ? entry.lines.filter(isKept) : []
        if (lines.length === 0) return work
        return Effect.uninterruptibleMask((restore) => guarded(restore, { entry, lines, work }, by))
      })

    return {
      pass,
      guards: () => watched.size > 0 && counters.areTrusted(),
      shortOf: (lines) => {
        if (!counters.areTrusted()) return undefined
        for (const line of lines) {
          const short = isShort(line)
          if (short !== undefined) return short
        }
        return undefined
      },
      isInside: inside.has
    } satisfies GateKeeper
  })
