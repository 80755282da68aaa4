import { exitCodes } from "./exitCodes.ts"

/** A usage error that is met before there is a command: on stdout in JSON, else on stderr. */
export const sayUsageError = (message: string, words: ReadonlyArray<string>): void => {
  if (words.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code: "usage", message } }, null, 2)}\n`)
  } else {
    process.stderr.write(`error: ${message}\n`)
  }
  process.exitCode = exitCodes.usage
}
