import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import { facts, table } from "./table.ts"
import { formatTime, isoTime } from "./time.ts"

const optionalIso = (at: number | null) => (at === null ? null : isoTime(at))

/** An open saga beyond its deadline is stuck: machines have failed it again and again. */
const isStuck = (saga: SagaRecord, now: number): boolean =>
  saga.state === "open" && saga.deadlineAt < now

export const sagaJson = (saga: SagaRecord, now: number) => ({
  saga_id: saga.sagaId,
  kind: saga.kind,
  order_id: saga.orderId,
  account: saga.account,
  key: saga.key,
  state: saga.state,
  stuck: isStuck(saga, now),
  owner: saga.owner,
  epoch: saga.epoch,
  attempts: saga.attempts,
  cancel_requested: saga.cancelRequested,
  last_error: saga.lastError,
  opened_at: isoTime(saga.openedAt),
  run_after: isoTime(saga.runAfter),
  deadline_at: isoTime(saga.deadlineAt),
  closed_at: optionalIso(saga.closedAt)
})

const stateOf = (saga: SagaRecord, now: number): string =>
  isStuck(saga, now) ? "stuck" : saga.state

const listColumns = [
  { title: "saga" },
  { title: "kind" },
  { title: "state" },
  { title: "opened (UTC)" },
  { title: "attempts", align: "right" },
  { title: "last error" }
] as const

export const sagaListView = (sagas: ReadonlyArray<SagaRecord>, now: number): string =>
  sagas.length === 0
    ? "no saga fits"
    : table(
        listColumns,
        sagas.map((saga) => [
          saga.sagaId,
          saga.kind,
          stateOf(saga, now),
          formatTime(saga.openedAt),
          String(saga.attempts),
          saga.lastError ?? "-"
        ])
      )

export const sagaView = (saga: SagaRecord, now: number): string => {
  const isOpen = saga.state === "open"
  return facts([
    ["saga", saga.sagaId],
    ["kind", saga.kind],
    ["order", saga.orderId],
    ["state", stateOf(saga, now)],
    ["owner", saga.owner ?? (isOpen ? "none: any worker may take it up" : "-")],
    ["epoch", String(saga.epoch)],
    ["account", saga.account],
    ["key", saga.key ?? "-"],
    ["cancel asked", saga.cancelRequested ? "yes" : "no"],
    ["attempts", String(saga.attempts)],
    ["last error", saga.lastError ?? "-"],
    ["opened", `${formatTime(saga.openedAt)} UTC`],
    ["deadline", `${formatTime(saga.deadlineAt)} UTC`],
    ["not before", isOpen && saga.runAfter > now ? `${formatTime(saga.runAfter)} UTC` : "-"],
    ["closed", saga.closedAt === null ? "-" : `${formatTime(saga.closedAt)} UTC`]
  ])
}
