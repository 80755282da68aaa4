import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"

/** What only this store knows. */
export class HttpSecrets extends Context.Service<
  HttpSecrets,
  {
    /** Signs guests' tokens; another key makes all of them invalid. */
    readonly sessionKey: Redacted.Redacted
    /** Null: nobody is staff. */
    readonly staffToken: Redacted.Redacted | null
    /** Shared with the payment provider; null: its messages are refused. */
    readonly webhookSecret: Redacted.Redacted | null
    /** How long a guest's token lives, milliseconds. */
    readonly sessionTtlMs: number
  }
>()("@doorbuster/adapters/http/HttpSecrets") {}
