import type { Hook } from "@oclif/core"
import { sayUsageError } from "../usageError.ts"

/** A command that does not exist is a usage error like any other, with `--json` as well. */
const commandNotFound: Hook<"command_not_found"> = async ({ argv = [], config, id }) => {
  const words = id.split(":")
  const at = words.findLastIndex((_, at) => config.findCommand(words.slice(0, at).join(":")))
  const command = words.slice(0, at).join(" ")
  const message =
    at > 0
      ? `${command} takes no argument "${words[at]}"; see store ${command} --help`
      : `there is no command "${words.join(" ")}"; see store --help`
  sayUsageError(message, argv)
}

export default commandNotFound
