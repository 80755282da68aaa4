import type { Hook } from "@oclif/core"
import { exitCodes } from "../exitCodes.ts"

/** A command that does not exist is a usage error like any other, with `--json` as well. */
const commandNotFound: Hook<"command_not_found"> = async ({ argv = [], id }) => {
  const name = id.replaceAll(":", " ")
  const message = `there is no command "${name}"; see store --help`
  if (argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code: "usage", message } }, null, 2)}\n`)
  } else {
    process.stderr.write(`error: ${message}\n`)
  }
  process.exitCode = exitCodes.usage
}

export default commandNotFound
