import type { Link } from "@doorbuster/adapters/simulated/Link"
import { deadlockDetected, serializationFailure } from "@doorbuster/adapters/simulated/SqlError"
import { latency, type Stage } from "./Stage.ts"

/** The background beat of a worker: it is no step of a saga. */
const beats = new Set([
  "sagas.lease",
  "sagas.claim",
  "sagas.reclaim",
  "sagas.handOver",
  "inventory.strategies"
])

/** What a process is to whatever lies between it and the rest of the world. */
interface Mortal {
  readonly name: string
  readonly stage: Stage
  readonly crash: () => void
  readonly pause: (ms: number) => void
}

/** A process's way to its database, and where the process itself may die or stand still. */
export const linkOf = (process: Mortal): Link => {
  const { faults, random, scenario, trace } = process.stage
  const chance = random.fork(`link of ${process.name}`)
  return {
    fate: ({ commits, operation, statements }) => {
      const step = beats.has(operation) ? "worker" : operation
      trace.note(
        process.name,
        commits ? `${operation} ${statements} commit` : `${operation} ${statements}`
      )
      if (faults.happens("crash", step)) {
        const isSent = chance.chance(0.6)
        process.crash()
        return { _tag: "Dies", isSent }
      }
      if (faults.happens("pause", step)) process.pause(chance.between(1_000, 60_000))
      if (faults.happens("db_refused", step)) return { _tag: "Refused" }
      const slowMs = faults.happens("db_delay", step) ? chance.between(100, 20_000) : 0
      const abort = faults.happens("db_deadlock", step)
        ? deadlockDetected()
        : faults.happens("db_serialization", step)
          ? serializationFailure("could not serialize access")
          : null
      return {
        _tag: "Sent",
        requestMs: latency(chance, scenario) + (chance.chance(0.5) ? slowMs : 0),
        betweenMs: statements.length > 1 ? latency(chance, scenario) : 0,
        replyMs: latency(chance, scenario) + (slowMs > 0 && chance.chance(0.5) ? slowMs : 0),
        replyLost: faults.happens("db_reply_lost", step),
        abort
      }
    }
  }
}
