import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord, StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import type { OrdersTables } from "./MemoryStore.ts"

/** How a claim is found: no account has a space in it. */
export const claimName = (account: AccountId, key: string): string => `${account} ${key}`

/** Stores the answer under the saga's key, unless the key has one: the first answer stays. */
export const storeAnswer = (
  tables: OrdersTables,
  saga: SagaRecord | undefined,
  answer: StoredAnswer
): void => {
  if (saga === undefined || saga.key === null) return
  const name = claimName(saga.account, saga.key)
  const claim = tables.claims.get(name)
  if (claim === undefined || claim.sagaId !== saga.sagaId || claim.answer !== null) return
  tables.claims.set(name, { ...claim, answer })
}

/** Ends a saga, with the answer for its key; without one, a key that has none is free again. */
export const closeSaga = (
  tables: OrdersTables,
  saga: SagaRecord,
  end: {
    readonly as: "done" | "failed"
    readonly at: number
    readonly error: string | null
    readonly answer: StoredAnswer | null
  }
): void => {
  if (saga.state !== "open") return
  tables.open.delete(saga.sagaId)
  tables.sagas.set(saga.sagaId, {
    ...saga,
    state: end.as,
    owner: null,
    payload: end.as === "done" ? "" : saga.payload,
    lastError: end.error,
    closedAt: end.at
  })
  if (end.answer !== null) {
    storeAnswer(tables, saga, end.answer)
  } else if (saga.key !== null) {
    const name = claimName(saga.account, saga.key)
    const claim = tables.claims.get(name)
    if (claim?.sagaId === saga.sagaId && claim.answer === null) tables.claims.delete(name)
  }
}
