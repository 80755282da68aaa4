import type { Action, Batch } from "./Action.ts"
import type { History } from "./History.ts"
import { told } from "./telling.ts"

const batchLines = ({ end, flights }: Batch): ReadonlyArray<string> => [
  ...flights.flatMap((calls) =>
    calls.map(([{ name }, parameters]) => `      ${name} ${told(parameters ?? [])}`)
  ),
  `      ${end}`
]

const actionLines = (action: Action): ReadonlyArray<string> =>
  action._tag === "Port"
    ? [`    ${action.call.port}.${action.call.call} ${told(action.call.args)}`]
    : ["    statements", ...action.batches.flatMap(batchLines)]

/** A history for the eye. */
export const describeHistory = ({ before, programs, schedule }: History): string =>
  [
    "  client 0, before the others",
    ...before.flatMap(actionLines),
    ...programs.flatMap((program, i) => [`  client ${i + 1}`, ...program.flatMap(actionLines)]),
    `  turns ${told(schedule)}`
  ].join("\n")
