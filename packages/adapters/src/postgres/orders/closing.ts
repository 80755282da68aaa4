import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { Uuid } from "@doorbuster/core/Uuid"
import { nullableArray, textArray, timestampArray } from "../arrays.ts"
import { plainArray } from "../rows.ts"
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
}

/** The ten parameters of `closing`. */
export const closingParameters = (closings: ReadonlyArray<Closing>): ReadonlyArray<string> => {
  const keyed = closings.filter(({ lock }) => lock.key !== null)
  return [
    plainArray(closings.map((item) => item.sagaId)),
    plainArray(closings.map((item) => item.epoch)),
    timestampArray(closings.map((item) => item.at)),
    textArray(closings.map((item) => item.as)),
    textArray(closings.map((item) => item.error)),
    textArray(keyed.map((item) => item.lock.account)),
    textArray(keyed.map((item) => item.lock.key)),
    plainArray(keyed.map((item) => item.sagaId)),
    nullableArray(keyed.map((item) => item.answer?.status ?? null)),
    textArray(keyed.map((item) => item.answer?.body ?? null))
  ]
}
