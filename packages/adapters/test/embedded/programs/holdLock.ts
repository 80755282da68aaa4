/** Owns a directory until killed. */
import * as Effect from "effect/Effect"
import { acquireLock } from "../../../src/embedded/DirectoryLock.ts"

setInterval(() => {}, 1000)
await acquireLock(process.argv[2]!, "/tmp/nowhere").pipe(
  Effect.andThen(Effect.sync(() => process.stdout.write("held\n"))),
  Effect.andThen(Effect.never),
  Effect.scoped,
  Effect.runPromise
)
