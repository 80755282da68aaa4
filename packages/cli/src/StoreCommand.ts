import { stripVTControlCharacters } from "node:util"
import { Command, Errors, Flags } from "@oclif/core"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import type { Failure } from "./failure.ts"
import type { Program } from "./Program.ts"

/** Flags of every command; those that name settings are also variables and keys of the file. */
const globalFlags = {
  json: Flags.boolean({
    description: "Print one JSON document on stdout, on failure too.",
    helpGroup: "GLOBAL"
  }),
  config: Flags.string({
    description:
      "Read settings and plugged ports from this file (default: store.config.ts or .json here).",
    helpValue: "FILE",
    helpGroup: "GLOBAL"
  }),
  "data-dir": Flags.string({
    description: "Directory of the embedded database and of generated keys.",
    helpValue: "DIR",
    helpGroup: "GLOBAL"
  }),
  "database-url": Flags.string({
    description: "Use this Postgres instead of the embedded one.",
    helpValue: "URL",
    helpGroup: "GLOBAL"
  })
}

/** What oclif attaches to the errors it throws. */
interface OclifError extends Error {
  readonly oclif?: { readonly exit?: number }
}

const wordy = /\n(See more help with --help|USAGE)[\s\S]*$/

/** Flags and arguments that oclif refused; everything else that is thrown here is a bug. */
const ofOclif = (error: OclifError, isParsed: boolean): Failure => {
  const isUsage = !isParsed || error.oclif?.exit === exitCodes.usage
  const plain = stripVTControlCharacters(error.message)
  const message = plain.replace(wordy, "").replaceAll(/\s*\n\s*/g, " ")
  return {
    code: isUsage ? "usage" : "internal",
    message: isUsage ? `${message}; see --help` : message,
    exit: isUsage ? exitCodes.usage : exitCodes.error,
    data: {}
  }
}

/**
 * The one bridge between oclif (promises, exit codes) and Effect (typed errors, scopes): commands
 * describe, only this class runs. stdout is data, stderr is talk.
 *
 * Everything heavy is imported inside `run()`, so that `--help` loads none of it.
 */
export abstract class StoreCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = globalFlags

  /** The exit code of a command that a signal has ended. */
  protected exitOnSignal(signal: NodeJS.Signals): ExitCode {
    return signal === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated
  }

  /**
   * Runs `program` over the configuration that `flags` (of any command) lead to, says its answer
   * and sets the exit code. SIGINT and SIGTERM interrupt it, and everything it holds is released.
   */
  protected async execute(
    flags: Readonly<Record<string, unknown>>,
    program: Program
  ): Promise<void> {
    const [{ run }, { load }] = await Promise.all([
      import("./run.ts"),
      import("./configuration/Configuration.ts")
    ])
    const ending = await run(load(flags), program)
    switch (ending._tag) {
      case "Failed":
        await this.#fail(ending.failure)
        return
      case "Signaled":
        await this.#stopped(ending.signal)
        return
      case "Answered":
        if (ending.answer === undefined) return
        await this.#say(ending.answer.json, ending.answer.text)
        process.exitCode = ending.answer.exit ?? exitCodes.ok
    }
  }

  async #say(json: unknown, text: string): Promise<void> {
    if (this.jsonEnabled()) {
      const { toJson } = await import("./json.ts")
      process.stdout.write(`${toJson(json)}\n`)
    } else if (text !== "") {
      process.stdout.write(`${text}\n`)
    }
  }

  async #stopped(signal: NodeJS.Signals): Promise<void> {
    const exit = this.exitOnSignal(signal)
    process.exitCode = exit
    if (exit === exitCodes.ok) return
    await this.#fail({ code: "stopped", message: `stopped by ${signal}`, exit, data: { signal } })
  }

  async #fail({ code, data, exit, message }: Failure): Promise<void> {
    process.exitCode = exit
    await this.#say({ error: { code, message, ...data } }, "")
    if (!this.jsonEnabled()) process.stderr.write(`error: ${message}\n`)
  }

  /** For flags that are right each, but not together. */
  protected refuse(message: string): never {
    throw new Errors.CLIError(message, { exit: exitCodes.usage })
  }

  /** Before `run` began in earnest: what oclif itself refuses. */
  protected override async catch(error: OclifError): Promise<void> {
    if (error.oclif?.exit === exitCodes.ok) throw error
    await this.#fail(ofOclif(error, this.parsed))
  }
}
