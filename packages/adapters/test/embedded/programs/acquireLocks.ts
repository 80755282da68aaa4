/** Tries to own each directory of a list at its agreed moment and keeps what it gets. */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { acquireLock } from "../../../src/embedded/DirectoryLock.ts"

const [firstAt, everyMs, ...directories] = process.argv.slice(2)
const kept = Scope.makeUnsafe()
setInterval(() => {}, 1000)

for (const [index, directory] of directories.entries()) {
  const at = Number(firstAt) + index * Number(everyMs)
  await new Promise((resolve) => setTimeout(resolve, Math.max(1, at - Date.now() - 2)))
  // The timer is too coarse to make them collide.
  while (Date.now() < at);
  const outcome = await acquireLock(directory, "/tmp/nowhere").pipe(
    Effect.as("won"),
    Effect.catch((error) => Effect.succeed(error._tag)),
    Scope.provide(kept),
    Effect.runPromise
  )
  process.stdout.write(`${index} ${outcome}\n`)
}
process.stdout.write("done\n")
