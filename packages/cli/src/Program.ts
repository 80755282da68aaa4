import type * as Effect from "effect/Effect"
import type { Configuration } from "./configuration/Configuration.ts"
import type { ExitCode } from "./exitCodes.ts"

/** What a command has to say when it has not failed. */
export interface Answer {
  /** The `--json` document; bigints become integers. */
  readonly json: unknown
  /** The same for people, without a last line break; empty says nothing. */
  readonly text: string
  /** A verdict other than "ok". */
  readonly exit?: ExitCode
}

/** A command's work. Its errors are tagged; `failureOf` knows what to make of them. */
export type Program = (
  configuration: Configuration
) => Effect.Effect<Answer | undefined, { readonly message: string }>
