/**
 * Natural batching: while one flush is under way the next batch fills. An idle batcher adds no
 * delay, a busy one commits hundreds of items at once, and no timer is involved.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { StorageError } from "../StorageError.ts"

export interface Batcher<in Item, out Answer> {
  /**
   * Waits for its item's own answer. A caller that is interrupted may find its item done or not
   * done. Nothing bounds how many wait: each is a caller's own fiber, so who lets callers in does.
   */
  readonly submit: (item: Item) => Effect.Effect<Answer, StorageError>
}

export interface Options<Item, Answer> {
  /** Names the batcher in errors. */
  readonly name: string
  /** Most items in one flush. */
  readonly limit: number
  /** Flushes under way at once. */
  readonly lanes?: number
  /** How heavy an item is (rows, say), and the most that one flush carries. */
  readonly weight?: { readonly of: (item: Item) => number; readonly limit: number }
  /** Stores all items or none and answers in their order. */
  readonly flush: (items: ReadonlyArray<Item>) => Effect.Effect<ReadonlyArray<Answer>, StorageError>
}

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resume: (answer: Effect.Effect<Answer, StorageError>) => void
}

const retriesMax = 8

const closed = (name: string) =>
  new StorageError({
    operation: name,
    reason: "unavailable",
    detail: "the store is shutting down; send the request again"
  })

/** Splits what waits into flushes that keep both limits; a single heavy item goes alone. */
const chunk = <Item, Answer>(
  entries: ReadonlyArray<Waiting<Item, Answer>>,
  options: Options<Item, Answer>
): ReadonlyArray<ReadonlyArray<Waiting<Item, Answer>>> => {
  const { weight } = options
  if (weight === undefined) return [entries]
  const chunks: Array<Array<Waiting<Item, Answer>>> = []
  let load = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const own = weight.of(entry.item)
    if (load + own > weight.limit) {
      chunks.push([])
      load = 0
    }
    chunks[chunks.length - 1]?.push(entry)
    load += own
  }
  return chunks
}

/**
 * Runs until its scope closes; then it takes no more, finishes what it has, and ends.
 *
 * A flush that fails with `retry` is sent again; one that fails with `bad_value` is halved until
 * the bad item is alone, so that one item's failure is its own.
 */
export const make = <Item, Answer>(
  options: Options<Item, Answer>
): Effect.Effect<Batcher<Item, Answer>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let waiting: Array<Waiting<Item, Answer>> = []
    let isClosed = false
    /** Wakes one lane each. */
    const idle: Array<() => void> = []

    const attempt = Effect.fnUntraced(function* (items: ReadonlyArray<Item>) {
      for (let tries = 0; ; tries++) {
        const result = yield* Effect.result(options.flush(items))
        if (result._tag === "Success") return result.success
        const error = result.failure
        if (error.reason !== "retry" || tries === retriesMax) return yield* error
        const random = yield* Random.Random
        yield* Effect.sleep(2 ** tries * (0.5 + random.nextDoubleUnsafe()))
      }
    })

    const settle: (entries: ReadonlyArray<Waiting<Item, Answer>>) => Effect.Effect<void> =
      Effect.fnUntraced(function* (entries) {
        const exit: Exit.Exit<ReadonlyArray<Answer>, StorageError> = yield* Effect.exit(
          attempt(entries.map((entry) => entry.item))
        )
        if (exit._tag === "Success") {
          for (const [i, entry] of entries.entries()) {
            entry.resume(Effect.succeed(exit.value[i] as Answer))
          }
          return
        }
        const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
        if (failed?.error.reason === "bad_value" && entries.length > 1) {
          const half = entries.length >> 1
          yield* settle(entries.slice(0, half))
          yield* settle(entries.slice(half))
          return
        }
        const failure = Effect.failCause(exit.cause)
        for (const entry of entries) entry.resume(failure)
      })

    /**
     * A lane may have to let others go first between its look at who waits and this: whoever came
     * meanwhile has found nobody to wake. The yield is for those who come in the same turn as the
     * first one: they go along.
     */
    const someone = Effect.andThen(
      Effect.callback<void>((resume) => {
        if (waiting.length > 0 || isClosed) return resume(Effect.void)
        idle.push(() => resume(Effect.void))
      }),
      Effect.yieldNow
    )

    const lane = Effect.gen(function* () {
      while (true) {
        if (waiting.length === 0) {
          if (isClosed) return
          yield* someone
          continue
        }
        const entries = waiting.slice(0, options.limit)
        waiting = waiting.slice(options.limit)
        for (const part of chunk(entries, options)) yield* settle(part)
      }
    })

    const lanes: Array<Fiber.Fiber<void>> = []
    for (let i = 0; i < (options.lanes ?? 1); i++) {
      lanes.push(yield* Effect.forkScoped(Effect.uninterruptible(lane)))
    }
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isClosed = true
        for (const wake of idle.splice(0)) wake()
        return Effect.asVoid(Fiber.awaitAll(lanes))
      })
    )

    const submit = (item: Item) =>
      Effect.callback<Answer, StorageError>((resume) => {
        if (isClosed) return resume(Effect.fail(closed(options.name)))
        waiting.push({ item, resume })
        idle.pop()?.()
      })

    return { submit }
  })
