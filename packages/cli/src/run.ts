import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import type { Configuration } from "./configuration/Configuration.ts"
import { type Failure, failureOf } from "./failure.ts"
import type { Answer, Program } from "./Program.ts"

export type Ending =
  | { readonly _tag: "Answered"; readonly answer: Answer | undefined }
  | { readonly _tag: "Failed"; readonly failure: Failure }
  | { readonly _tag: "Signaled"; readonly signal: NodeJS.Signals }

/** What fails while a signal is obeyed fails because of it, unless it is a bug. */
const isBug = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some(({ _tag }) => _tag === "Die")

const ending = (
  exit: Exit.Exit<Answer | undefined, unknown>,
  signal: NodeJS.Signals | undefined
): Ending => {
  if (Exit.isSuccess(exit)) return { _tag: "Answered", answer: exit.value }
  const { cause } = exit
  if (signal !== undefined && !isBug(cause)) return { _tag: "Signaled", signal }
  const { STORE_DEBUG } = process.env
  if (STORE_DEBUG !== undefined && STORE_DEBUG !== "") {
    process.stderr.write(`${Cause.pretty(cause)}\n`)
  }
  return { _tag: "Failed", failure: failureOf(cause) }
}

/**
 * Runs a program to its end. The first signal interrupts it and waits for what it holds to be
 * released; a second one finds Node's own handler and ends the process at once.
 */
export const run = async (
  configuration: Effect.Effect<Configuration, { readonly message: string }>,
  program: Program
): Promise<Ending> => {
  const controller = new AbortController()
  let received: NodeJS.Signals | undefined
  const interrupt = (signal: NodeJS.Signals) => {
    received = signal
    controller.abort()
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt)
  }
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt)
  try {
    const effect = Effect.flatMap(configuration, program).pipe(
      Effect.provideService(Logger.LogToStderr, true)
    )
    const exit = await Effect.runPromiseExit(effect, { signal: controller.signal })
    return ending(exit, received)
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt)
  }
}
