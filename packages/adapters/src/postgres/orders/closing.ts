import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { Uuid } from "@doorbuster/core/Uuid"
import { integerArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { SagaLock } from "./sagaRows.ts"

/** The end of a saga, as the statement fragment `closing` takes it. */
export interface Closing {
  readonly sagaId: Uuid
  readonly epoch: number
  readonly at: number
  readonly as: "done" | "failed"
  readonly error: string | null
  readonly answer: StoredAnswer | null
  readonly lock: SagaLock
  /** The key has its answer: there is nothing to store and nothing to free. */
  readonly isAnswered?: boolean
}

/** The ten parameters of `closing`. */
export const closingParameters = (closings: ReadonlyArray<Closing>): ReadonlyArray<unknown> => {
  const keyed = closings.filter(({ isAnswered, lock }) => lock.key !== null && !isAnswered)
  return [
    uuidArray(closings.map((item) => item.sagaId)),
    integerArray(closings.map((item) => item.epoch)),
    timestampArray(closings.map((item) => item.at)),
    textArray(closings.map((item) => item.as)),
    textArray(closings.map((item) => item.error)),
    textArray(keyed.map((item) => item.lock.account)),
    textArray(keyed.map((item) => item.lock.key)),
    uuidArray(keyed.map((item) => item.sagaId)),
    integerArray(keyed.map((item) => item.answer?.status ?? null)),
    textArray(keyed.map((item) => item.answer?.body ?? null))
  ]
}
