import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import { noon } from "./ordersCalls.ts"
import { ordersServer } from "./ordersServer.ts"
import { type Outcome, SimulatedSession } from "./SimulatedSession.ts"

/** Two sessions on one server, whose clock and timers stand still unless they are moved. */
export const begin = () => {
  const clock = { now: noon }
  const timers: Array<() => void> = []
  const after = (_: number, task: () => void) => {
    timers.push(task)
    return () => void timers.splice(timers.indexOf(task), 1)
  }
  const { server } = ordersServer({ now: () => clock.now, after })
  const [one, other] = [new SimulatedSession(server), new SimulatedSession(server)]
  const rowsOf = (...call: Call) => {
    const session = new SimulatedSession(server)
    const { outcome } = session.run(...call)
    session.commit()
    if (typeof outcome === "object") return outcome
    throw new Error(outcome ?? "it waits")
  }
  return { clock, timers, one, other, rowsOf }
}

/** The short numbers of the sagas that were answered. */
export const idsIn = (outcome: Outcome | undefined) =>
  typeof outcome === "object"
    ? outcome.map((row) => Number(`${row["saga_id"]}`.slice(-4)))
    : outcome
