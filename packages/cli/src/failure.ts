import { snakeCase, snakeKeys } from "@doorbuster/adapters/http/wire/snakeCase"
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import { type ExitCode, exitCodes } from "./exitCodes.ts"
import { embeddedStopped, isRefusal, plainDetail } from "./storageDetail.ts"

/** A failure as it is told: one clear line, and data for programs. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly exit: ExitCode
  readonly data: Readonly<Record<string, unknown>>
}

/** What another process of this program met, to be told as it told it. */
export class FailedElsewhere extends Error {
  readonly _tag = "FailedElsewhere"
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

interface Tagged {
  readonly _tag: string
  readonly message: string
}

const isTagged = (error: unknown): error is Tagged =>
  typeof error === "object" && error !== null && "_tag" in error && "message" in error

/** The error's own fields; `message` and the machinery of `Error` are told elsewhere. */
const dataOf = (error: Tagged): Readonly<Record<string, unknown>> => {
  const { _tag, cause, message, name, stack, ...data } = { ...error } as Tagged &
    Record<string, unknown>
  return snakeKeys(data) as Readonly<Record<string, unknown>>
}

const exits: Readonly<Record<string, ExitCode>> = {
  ConfigurationInvalid: exitCodes.usage,
  UsageRefused: exitCodes.usage,
  UrlInvalid: exitCodes.usage,
  PluginFailed: exitCodes.dependencyDown,
  ProviderUnavailable: exitCodes.dependencyDown,
  ProviderOutcomeUnknown: exitCodes.dependencyDown,
  StoreSilent: exitCodes.dependencyDown,
  TargetUnreachable: exitCodes.dependencyDown
}

const down = (detail: string): string =>
  // Its own words say it all: there is no server to look after.
  detail === embeddedStopped
    ? detail
    : `the database does not answer (${detail}): see that it runs and that DATABASE_URL names ` +
      "it; `store doctor` shows what is configured"

const refused = (detail: string): string =>
  `the database answered, but refused (${detail}): see the rights of its role, and its address; ` +
  "`store doctor` shows what is configured"

const ofStorage = (error: Tagged): Failure => {
  const told = dataOf(error)
  const detail = plainDetail(String(told["detail"]))
  const data: Failure["data"] = { ...told, detail }
  if (isRefusal(detail) && data["reason"] === "unavailable") {
    return { code: "storage_refused", message: refused(detail), exit: exitCodes.error, data }
  }
  switch (data["reason"]) {
    case "unavailable":
      return {
        code: "storage_unavailable",
        message: down(detail),
        exit: exitCodes.dependencyDown,
        data
      }
    case "retry":
      return {
        code: "storage_busy",
        message: `the database was too busy (${detail}): run the command again`,
        exit: exitCodes.error,
        data
      }
    default:
      return { code: "storage_refused", message: error.message, exit: exitCodes.error, data }
  }
}

const ofTagged = (error: Tagged): Failure => {
  if (error instanceof FailedElsewhere) return error.failure
  if (error._tag === "StorageError") return ofStorage(error)
  return {
    code: snakeCase(error._tag),
    message: plainDetail(error.message),
    exit: exits[error._tag] ?? exitCodes.error,
    data: dataOf(error)
  }
}

const oneLine = (text: string): string => text.split("\n", 1)[0] ?? ""

/** A bug of ours: nothing that the caller did or could mend. */
const ofDefect = (defect: unknown): Failure => {
  const what = plainDetail(oneLine(defect instanceof Error ? defect.message : String(defect)))
  const message =
    `the store met a bug of its own (${what}): run it again with STORE_DEBUG=1 and report ` +
    "what it prints"
  return { code: "internal", message, exit: exitCodes.error, data: {} }
}

/** What went wrong, from the cause of an effect that did not succeed. */
export const failureOf = (cause: Cause.Cause<unknown>): Failure => {
  const error = Cause.findErrorOption(cause)
  if (Option.isSome(error) && isTagged(error.value)) return ofTagged(error.value)
  return ofDefect(Option.getOrElse(error, () => Cause.squash(cause)))
}
