import type { Action } from "./Action.ts"
import type { Choices } from "./Choices.ts"
import { type Changes, Run } from "./Run.ts"
import type { Contents, Side } from "./Side.ts"
import { SimulatedSide } from "./SimulatedSide.ts"

/** What several clients do, and in which order their round trips reach the server. */
export interface History {
  /** Done by the first client alone, before the others begin. */
  readonly before: ReadonlyArray<Action>
  readonly programs: ReadonlyArray<ReadonlyArray<Action>>
  /** Each turn goes to that one of the clients that are ready. */
  readonly schedule: ReadonlyArray<number>
}

export interface Turn {
  /** Null: nobody has sent anything yet. */
  readonly client: number | null
  readonly changes: Changes
}

/** All that a history has shown from outside. */
export interface Trace {
  readonly turns: ReadonlyArray<Turn>
  readonly contents: Contents
}

const programsOf = ({ before, programs }: History) => [before, ...programs]

const play = async (run: Run, { schedule }: History): Promise<ReadonlyArray<Turn>> => {
  await run.settle()
  const turns: Array<Turn> = [{ client: null, changes: run.changes() }]
  for (let at = 0; run.ready.length > 0; ) {
    const { ready } = run
    const pick = schedule[at % schedule.length] ?? 0
    const isBefore = ready[0] === 0
    if (!isBefore) at += 1
    const client = isBefore ? 0 : (ready[pick % ready.length] as number)
    run.go(client)
    await run.settle()
    turns.push({ client, changes: run.changes() })
  }
  if (run.waiting.size > 0) throw new Error("clients wait for each other, and nobody gives in")
  return turns
}

/** Runs a history on a server that decides for itself which order is right where several are. */
export const record = async (side: Side, history: History): Promise<Trace> => {
  const run = new Run(side, programsOf(history))
  try {
    return { turns: await play(run, history), contents: await side.contents() }
  } finally {
    await run.stop()
  }
}

const isVictim = (said: ReadonlyArray<string>) => said.some((line) => line.endsWith(": 40P01"))

/**
 * The end of one victim may be what closes the next one's circle: each is asked again then. Of the
 * victims of one circle the first lets the others go: who is asked first is a choice.
 */
const giveIn = async (
  side: SimulatedSide,
  run: Run,
  expected: Changes,
  choices: Choices
): Promise<void> => {
  const found = expected.flatMap(({ said }, client) => (isVictim(said) ? [client] : []))
  const victims = found.length > 1 ? choices.next(found) : found
  for (const _ of victims) {
    for (const client of victims) {
      if (!run.waiting.has(client)) continue
      side.check(client)
      await run.settle()
    }
  }
}

/**
 * Runs a history on a simulated server, turn by turn as in the trace. Who is the victim of a
 * deadlock is a matter of time-outs: it has to be possible for the one of the trace to be.
 * Answers the turns up to the first that differs; with the contents if none does.
 */
export const follow = async (
  history: History,
  trace: Trace,
  choices: Choices
): Promise<{ readonly turns: ReadonlyArray<Turn>; readonly contents: Contents | null }> => {
  const programs = programsOf(history)
  const side = new SimulatedSide(programs.length, choices)
  const run = new Run(side, programs)
  const turns: Array<Turn> = []
  for (const expected of trace.turns) {
    if (expected.client !== null) run.go(expected.client)
    await run.settle()
    await giveIn(side, run, expected.changes, choices)
    const turn = { client: expected.client, changes: run.changes() }
    turns.push(turn)
    if (JSON.stringify(turn) !== JSON.stringify(expected)) return { turns, contents: null }
  }
  return { turns, contents: await side.contents() }
}
