import { Errors, type Hook } from "@oclif/core"
import { exitCodes } from "../exitCodes.ts"
import { sayUsageError } from "../usageError.ts"

const asksForHelp = (words: ReadonlyArray<string>): boolean =>
  words.some((word) => word === "--help" || word === "-h" || word === "--version")

const problemOf = (words: ReadonlyArray<string>, isTopic: boolean): string | undefined => {
  const [first = ""] = words
  if (first === "--json") return "flags follow the command, as in: store check --json"
  if (!isTopic || words.length === 1) return undefined
  const topic = first.replaceAll(":", " ")
  const [word] = words.slice(1).filter((word) => !word.startsWith("-"))
  return word === undefined
    ? `${topic} takes a command; see store ${topic} --help`
    : `there is no command "${topic} ${word}"; see store ${topic} --help`
}

/** A topic with flags but without a command would be answered by its help, `--json` or not. */
const init: Hook<"init"> = async ({ argv, config, id }) => {
  if (id === undefined || asksForHelp([id, ...argv])) return
  const isTopic = config.findCommand(id) === undefined && config.findTopic(id) !== undefined
  const problem = problemOf([id, ...argv], isTopic)
  if (problem === undefined) return
  sayUsageError(problem, [id, ...argv])
  throw new Errors.ExitError(exitCodes.usage)
}

export default init
