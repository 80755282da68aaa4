/** What every request meets before its endpoint: can its body be read, how long may it take? */
import { isUtf8 } from "node:buffer"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { HttpApiMiddleware, HttpServerRequest } from "./effectHttp.ts"
import { MalformedJson, UnsupportedMediaType } from "./problem/errors.ts"
import { internalError, problemResponse } from "./problem/problemResponse.ts"

/** How long a request may take once it is there as a whole; milliseconds. */
export const RequestSettings = Context.Reference("@doorbuster/adapters/http/RequestSettings", {
  defaultValue: () => ({ deadlineMs: 15_000 })
})

type Headers = HttpServerRequest.HttpServerRequest["headers"]

const charsetOf = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1]

const isPlain = (headers: Headers): boolean =>
  (headers["content-encoding"] ?? "identity").trim().toLowerCase() === "identity"

const isInUtf8 = (headers: Headers): boolean =>
  /^utf-?8$/i.test(charsetOf(headers["content-type"] ?? "") ?? "utf-8")

const hasBody = (headers: Headers): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

const answer = (error: unknown) => problemResponse(error) ?? internalError()

/** What is wrong with the body whatever it says; reads it, once for everybody. */
const refusal = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const { headers } = request
  if (!hasBody(headers)) return undefined
  if (!isPlain(headers) || !isInUtf8(headers)) return new UnsupportedMediaType()
  const bytes = yield* Effect.orDie(request.arrayBuffer)
  return isUtf8(bytes) ? undefined : new MalformedJson()
})

const tooSlow = (deadlineMs: number) =>
  new StorageError({
    operation: "http",
    reason: "unavailable",
    detail: `no answer within ${deadlineMs} ms`
  })

/**
 * The same, unless it takes longer. A statement that waits for a lock cannot be interrupted, so
 * the effect runs in a fiber of its own: whoever waits for it is free to go. Every request comes
 * through here, and a timer of the runtime's costs a small part of a sleeping fiber.
 */
export const within = <A, E, R, A2, E2>(
  effect: Effect.Effect<A, E, R>,
  ms: number,
  orElse: () => Effect.Effect<A2, E2>
): Effect.Effect<A | A2, E | E2, R> =>
  Effect.flatMap(Effect.context<R>(), (context) =>
    Effect.callback<A | A2, E | E2>((resume) => {
      const fiber = Effect.runForkWith(context)(effect)
      const timer = setTimeout(() => {
        resume(orElse())
        fiber.interruptUnsafe()
      }, ms)
      fiber.addObserver((exit) => {
        clearTimeout(timer)
        resume(exit)
      })
      return Effect.sync(() => {
        clearTimeout(timer)
        fiber.interruptUnsafe()
      })
    })
  )

/**
 * Bodies are UTF-8 as they are, and each request is answered in time: 503 says that the outcome
 * is not known. What a saga has begun goes on; the same key asks for its answer.
 */
export class Intake extends HttpApiMiddleware.Service<Intake>()(
  "@doorbuster/adapters/http/Intake"
) {
  static readonly layer: Layer.Layer<Intake> = Layer.effect(
    Intake,
    Effect.map(RequestSettings, ({ deadlineMs }) => {
      const late = () => Effect.succeed(answer(tooSlow(deadlineMs)))
      return Intake.of((handler) =>
        Effect.flatMap(refusal, (refused) =>
          refused === undefined
            ? within(handler, deadlineMs, late)
            : Effect.succeed(answer(refused))
        )
      )
    })
  )
}
