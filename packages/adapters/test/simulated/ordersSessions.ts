import type { Row } from "@doorbuster/adapters/postgres/rows"
import { SimulatedSession } from "./inventorySessions.ts"
import type * as call from "./ordersCalls.ts"
import { noon } from "./ordersCalls.ts"
import { ordersServer } from "./ordersServer.ts"

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
  const rowsOf = (...[statement, parameters = []]: ReturnType<typeof call.open>) => {
    const session = new SimulatedSession(server)
    const { outcome } = session.run(statement, parameters)
    session.commit()
    if (typeof outcome === "object") return outcome
    throw new Error(outcome ?? "it waits")
  }
  return { clock, timers, one: speaking(one), other: speaking(other), rowsOf }
}

const speaking = (session: SimulatedSession) => ({
  run: (...[statement, parameters = []]: ReturnType<typeof call.open>) =>
    session.run(statement, parameters),
  commit: () => session.commit(),
  rollback: () => session.rollback()
})

/** The short numbers of the sagas that were answered. */
export const idsIn = (outcome: ReadonlyArray<Row> | string | undefined) =>
  typeof outcome === "object"
    ? outcome.map((row) => Number(`${row["saga_id"]}`.slice(-4)))
    : outcome
