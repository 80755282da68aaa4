import type * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { AccountId } from "../order/OrderId.ts"
import type { GateAnswer, GateLine } from "./Gate.ts"
import type { Entry } from "./GateKeeper.ts"

/**
 * Whoever gave up waiting left work behind that may still take its key; milliseconds after which
 * that is taken to be over.
 */
const strayMs = 60_000

const passed: GateAnswer = { _tag: "Passed" }

interface Asking {
  readonly lines: ReadonlyArray<GateLine>
  readonly answer: Deferred.Deferred<GateAnswer>
}

/** Null: somebody is in; a moment: since then nobody waits for who is in. */
type Stay = Asking | number | null

const isAsking = (stay: Stay): stay is Asking => typeof stay === "object" && stay !== null

const isSame = (some: ReadonlyArray<GateLine>, others: ReadonlyArray<GateLine>): boolean =>
  some.length === others.length &&
  some.every(({ key, quantity }, i) => others[i]?.key === key && others[i]?.quantity === quantity)

/** The requests that are at the gate or behind it, by account and key. */
export const makeInside = (clock: Clock.Clock) => {
  const stays = new Map<string, Stay>()
  const nameOf = (account: AccountId, key: string) => `${account}\n${key}`
  const forget = (now: number) => {
    for (const [name, stay] of stays) {
      if (typeof stay === "number" && now - stay > strayMs) stays.delete(name)
    }
  }
  const settle = ({ account, key }: Entry, to: null | undefined, answer: GateAnswer) => {
    const name = nameOf(account, key)
    const stay = stays.get(name)
    if (to === undefined) stays.delete(name)
    else stays.set(name, to)
    if (stay !== undefined && isAsking(stay))
      Deferred.doneUnsafe(stay.answer, Effect.succeed(answer))
  }
  return {
    /**
     * The first of twins asks for all, and so has no answer yet. Who comes meanwhile and wants the
     * same is refused with it, or passes as one that is in.
     */
    answerFor: Effect.fnUntraced(function* (
      { account, key }: Entry,
      lines: ReadonlyArray<GateLine>
    ) {
      const name = nameOf(account, key)
      for (;;) {
        const stay = stays.get(name)
        if (stay === undefined) break
        if (!isAsking(stay)) return passed
        const answer = yield* Deferred.await(stay.answer)
        if (answer._tag === "Passed" || isSame(stay.lines, lines)) return answer
      }
      stays.set(name, { lines, answer: Deferred.makeUnsafe() })
      return null
    }),
    has: (account: AccountId, key: string) => stays.has(nameOf(account, key)),
    enter: (entry: Entry) => settle(entry, null, passed),
    refuse: (entry: Entry, answer: GateAnswer) => settle(entry, undefined, answer),
    end: ({ account, key }: Entry) => void stays.delete(nameOf(account, key)),
    stray: ({ account, key }: Entry) => {
      const now = clock.currentTimeMillisUnsafe()
      forget(now)
      stays.set(nameOf(account, key), now)
    }
  }
}
