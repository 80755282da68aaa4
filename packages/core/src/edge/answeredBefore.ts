import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Claim, Sagas } from "../order/Sagas.ts"
import { IdempotencyKeyReused } from "../saga/errors.ts"
import type { Told } from "../saga/SagaContext.ts"
import { AnswerCache, type AnswerKey, type FinalAnswer } from "./AnswerCache.ts"

type Cache = AnswerCache["Service"]

/**
 * Around whatever takes a keyed request: a repetition whose answer is known gets it at once, and
 * the answer of a first one is kept for its repetitions.
 */
export const answeredBefore =
  (cache: Cache, request: AnswerKey & { readonly fingerprint: string }) =>
  <E, R>(take: Effect.Effect<Told, E, R>): Effect.Effect<Told, E | IdempotencyKeyReused, R> =>
    Effect.gen(function* () {
      const { account, fingerprint, key } = request
      const [known] = yield* cache.find([{ account, key }])
      if (known === undefined) {
        const told = yield* take
        yield* cache.keep([{ account, key, fingerprint, answer: told.answer }])
        return told
      }
      if (known.fingerprint !== fingerprint) return yield* new IdempotencyKeyReused({ key })
      return { answer: known.answer, replayed: true }
    })

const claimsOf = (sagas: Sagas["Service"], cache: Cache): Sagas["Service"]["claimsOf"] =>
  Effect.fnUntraced(function* (batch) {
    const known = yield* cache.find(batch)
    const missing = batch.filter((_, i) => known[i] === undefined)
    if (missing.length === 0) return known
    const read = yield* sagas.claimsOf(missing)
    const final = missing.flatMap(({ account, key }, i): ReadonlyArray<FinalAnswer> => {
      const claim = read[i]
      if (claim === undefined || claim.answer === null) return []
      return [{ account, key, fingerprint: claim.fingerprint, answer: claim.answer }]
    })
    if (final.length > 0) yield* cache.keep(final)
    const rest = read.values()
    return known.map((found): Claim | undefined => found ?? rest.next().value)
  })

/** The record of the sagas, where an answer that is known is not read again. */
export const layerSagas: Layer.Layer<Sagas, never, Sagas | AnswerCache> = Layer.effect(
  Sagas,
  Effect.gen(function* () {
    const sagas = yield* Sagas
    return Sagas.of({ ...sagas, claimsOf: claimsOf(sagas, yield* AnswerCache) })
  })
)
