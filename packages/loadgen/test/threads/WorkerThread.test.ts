import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as WorkerThread from "../../src/threads/WorkerThread.ts"

const entry = new URL("./programs/parrot.ts", import.meta.url)

const parrot = WorkerThread.start<string, string>({ entry, data: "polly", name: "parrot" })

it.live("a thread answers each question, and finds the data that it was given", () =>
  Effect.gen(function* () {
    const { ask } = yield* parrot
    assert.strictEqual(yield* ask("hello"), "polly: hello")
    assert.strictEqual(yield* ask("again"), "polly: again")
  })
)

const deaths: ReadonlyArray<readonly [word: string, death: string]> = [
  ["throw", "the thread parrot died: Error: bad seed"],
  ["end", "the thread parrot died: it ended with code 3"]
]

it.live.each(deaths)("what a thread told before its death comes first (%s)", ([word, death]) =>
  Effect.gen(function* () {
    const { ask, next } = yield* parrot
    assert.strictEqual(yield* ask(word), `polly: ${word}`)
    assert.strictEqual((yield* Effect.flip(next)).message, death)
    // It stays dead.
    assert.strictEqual((yield* Effect.flip(ask("hello"))).message, death)
  })
)

it.live("a thread that is caught in a loop ends with its scope", () =>
  Effect.gen(function* () {
    const hanging = Effect.scoped(Effect.flatMap(parrot, ({ ask }) => ask("hang")))
    assert.strictEqual(yield* hanging, "polly: hang")
  })
)
