import type * as Effect from "effect/Effect"
import { Choices } from "./Choices.ts"
import type { Coverage } from "./Coverage.ts"
import { follow, type History, record, type Trace, type Turn } from "./History.ts"
import type { postgresSide } from "./PostgresSide.ts"
import type { Contents } from "./Side.ts"

type Real = Effect.Success<ReturnType<typeof postgresSide>>

/** Orders of waking that are tried before it is called a difference. */
const ordersMax = 60
/** Times that Postgres is asked where its own races decide. */
const asksMax = 6

/** Null where the two agree; else where they part, in the order of waking that goes furthest. */
export const differenceOf = async (
  real: Real,
  history: History,
  coverage: Coverage
): Promise<string | null> => {
  let difference = ""
  for (let asks = 0; asks < asksMax; asks++) {
    await real.empty()
    const trace = await record(real, history)
    const choices = new Choices()
    let furthest = 0
    let met = 0
    for (let orders = 0; orders < ordersMax; orders++) {
      const { contents, turns } = await follow(history, trace, choices)
      met = Math.max(met, choices.made)
      const found =
        contents === null ? turnDifference(trace, turns) : contentsDifference(trace, contents)
      if (found === null) {
        coverage.note(trace, met, orders, asks)
        return null
      }
      if (turns.length > furthest) difference = found
      furthest = Math.max(furthest, turns.length)
      if (!choices.advance()) break
    }
    // Where nobody raced, there is nothing to ask again.
    if (met === 0) return difference
  }
  return difference
}

const line = ({ changes, client }: Turn): string =>
  [
    `  turn of ${client ?? "nobody"}`,
    ...changes.map(({ now, said }, i) => `    ${i} ${now} ${said.join("\n      ")}`)
  ].join("\n")

const turnDifference = ({ turns: expected }: Trace, turns: ReadonlyArray<Turn>): string => {
  const last = turns.length - 1
  const before = expected.slice(0, last).map(line)
  const [real, simulated] = [expected[last] as Turn, turns[last] as Turn]
  return ["Postgres:", line(real), "simulated:", line(simulated), "after", ...before].join("\n")
}

const contentsDifference = ({ contents: expected, turns }: Trace, contents: Contents) => {
  const tables = Object.keys(expected).filter(
    (table) => expected[table]?.join() !== contents[table]?.join()
  )
  if (tables.length === 0) return null
  const both = tables.flatMap((table) => [
    `${table} in Postgres:`,
    ...(expected[table] ?? []),
    "simulated:",
    ...(contents[table] ?? [])
  ])
  return [...turns.map(line), ...both].join("\n")
}
