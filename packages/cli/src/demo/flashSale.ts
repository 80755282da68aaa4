import { type Answer, type Buyer, openSessions } from "@doorbuster/loadgen/sale/Buyer"
import { type RushResult, rush } from "@doorbuster/loadgen/sale/Rush"
import type { SaleHistory } from "@doorbuster/loadgen/sale/SaleHistory"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { currency, doorbuster, salePrice } from "./doorbuster.ts"
import { serverProcess } from "./ServerProcess.ts"

export const buyersCount = 2_000
const connections = 64
/** The server is killed when so many buyers have been told that they have one. */
const winnersBeforeCrash = 40
const rushesMax = 120
const breathMs = 250

export interface FlashSale {
  readonly answers: ReadonlyMap<Buyer, Answer>
  readonly requests: number
  readonly brokenConnections: number
  /** Of the rush that most buyers were answered in. */
  readonly latencyMsP50: number
  readonly latencyMsP99: number
  readonly winnersBeforeCrash: number
  readonly answersBeforeCrash: number
  /** From the crash to the first moment that the store takes orders again. */
  readonly downMs: number
  /** Sagas that the dead server has left behind. */
  readonly cutShort: number
  /** Epoch milliseconds. */
  readonly upAt: number
}

const winners = (answers: ReadonlyMap<Buyer, Answer>): number =>
  [...answers.values()].filter(({ _tag }) => _tag === "Won").length

/** What the audience is told meanwhile. */
export type Say = (line: string) => Effect.Effect<void>

/**
 * Two thousand guests want one of a hundred units. In the middle the server is killed, and started
 * again; whoever has no answer asks again under the same key. `openSagas` counts those in the
 * store; `history` hears every answer; `afterwards` runs while the second server is still up, which
 * is then asked to stop.
 */
export const flashSale = <A, E, R>(
  dataDir: string,
  say: Say,
  openSagas: Effect.Effect<number, E, R>,
  history: SaleHistory | undefined,
  afterwards: (sale: FlashSale) => Effect.Effect<A, E, R>
) =>
  Effect.gen(function* () {
    const first = yield* serverProcess(dataDir, 0)
    const buyers = yield* openSessions(first.url, buyersCount)
    const answers = new Map<Buyer, Answer>()
    const results: Array<RushResult> = []
    const atCrash = { winners: 0, answers: 0 }
    const options = {
      url: first.url,
      sku: doorbuster,
      currency,
      expectedTotal: salePrice,
      connections,
      ...(history !== undefined && { history })
    }
    const onAnswer = () => {
      const won = winners(answers)
      if (atCrash.winners > 0 || won < winnersBeforeCrash) return
      atCrash.winners = won
      atCrash.answers = answers.size
      first.kill()
    }
    results.push(yield* rush(buyers, answers, { ...options, onAnswer }))
    first.kill()
    const crashedAt = yield* Clock.currentTimeMillis
    yield* say(`   kill -9 after ${atCrash.winners} buyers had been told yes; starting again`)
    const second = yield* serverProcess(dataDir, first.port)
    const upAt = yield* Clock.currentTimeMillis
    const cutShort = yield* openSagas
    yield* say(`   ${cutShort} checkouts were cut short; the buyers ask again meanwhile`)
    for (let tries = 0; answers.size < buyers.length && tries < rushesMax; tries++) {
      results.push(yield* rush(buyers, answers, options))
      yield* Effect.sleep(breathMs)
    }
    const best = results.reduce((one, other) => (other.decided > one.decided ? other : one))
    const found = yield* afterwards({
      answers,
      requests: results.reduce((sum, { requests }) => sum + requests, 0),
      brokenConnections: results.reduce((sum, result) => sum + result.brokenConnections, 0),
      latencyMsP50: best.latencyMsP50,
      latencyMsP99: best.latencyMsP99,
      winnersBeforeCrash: atCrash.winners,
      answersBeforeCrash: atCrash.answers,
      downMs: upAt - crashedAt,
      cutShort,
      upAt
    })
    const exitCode = yield* second.stop
    return { found, exitCode }
  }).pipe(Effect.scoped)
