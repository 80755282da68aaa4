import { spawn } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { acquireLock, readLock } from "../../src/embedded/DirectoryLock.ts"
import { processStart } from "../../src/embedded/processIdentity.ts"
import { childProgram } from "./childProgram.ts"
import { temporaryDirectory } from "./openStore.ts"

const directory = Effect.acquireRelease(Effect.sync(temporaryDirectory), ({ remove }) =>
  Effect.sync(remove)
).pipe(Effect.map(({ path }) => path))

const child = (name: string, ...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => childProgram(name, ...args)),
    (program) => Effect.promise(() => program.kill())
  )

const record = (pid: number, started: string | null) =>
  JSON.stringify({ pid, started, socket: "/tmp/gone", created: "2026-01-01T00:00:00.000Z" })

/** Beyond any pid a system hands out. */
const nobody = 2 ** 30

it.live(
  "of many starters that race for a dead owner's directory exactly one wins",
  () =>
    Effect.gen(function* () {
      const rounds = yield* Effect.all(Array.from({ length: 15 }, () => directory))
      for (const path of rounds) writeFileSync(join(path, "store.lock"), record(nobody, "1"))
      const firstAt = Date.now() + 2500
      const racers = yield* Effect.all(
        Array.from({ length: 6 }, () => child("acquireLocks", `${firstAt}`, "150", ...rounds))
      )
      yield* Effect.promise(() => Promise.all(racers.map((racer) => racer.line(/done/))))
      const lines = racers.flatMap((racer) => racer.lines)
      for (const [round] of rounds.entries()) {
        const outcomes = lines.filter((line) => line.startsWith(`${round} `)).sort()
        assert.deepStrictEqual(outcomes, [
          ...Array<string>(5).fill(`${round} DirectoryInUse`),
          `${round} won`
        ])
      }
    }),
  30_000
)

it.live("a living owner is named to whoever comes second, and a killed one is succeeded", () =>
  Effect.gen(function* () {
    const path = yield* directory
    const owner = yield* child("holdLock", path)
    yield* Effect.promise(() => owner.line(/held/))
    const pid = owner.process.pid!
    const refused = yield* Effect.flip(Effect.scoped(acquireLock(path, "/tmp/mine")))
    assert.deepInclude(refused, { _tag: "DirectoryInUse", directory: path, pid })
    assert.include(refused.message, `process ${pid}`)
    assert.deepStrictEqual(Option.getOrThrow(yield* readLock(path)).pid, pid)
    yield* Effect.promise(() => owner.kill())
    assert.isTrue(Option.isNone(yield* readLock(path)))
    const former = yield* acquireLock(path, "/tmp/mine")
    assert.strictEqual(Option.getOrThrow(former).pid, pid)
  })
)

it.live("the same process cannot own a directory twice, but again after it let go", () =>
  Effect.gen(function* () {
    const path = yield* directory
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* acquireLock(path, "/tmp/a")
        const refused = yield* Effect.flip(Effect.scoped(acquireLock(path, "/tmp/b")))
        assert.deepInclude(refused, { _tag: "DirectoryInUse", pid: process.pid, socket: "/tmp/a" })
        assert.deepInclude(JSON.parse(readFileSync(join(path, "store.lock"), "utf8")), {
          pid: process.pid,
          socket: "/tmp/a"
        })
      })
    )
    assert.isFalse(existsSync(join(path, "store.lock")))
    assert.isTrue(Option.isNone(yield* acquireLock(path, "/tmp/c")))
  })
)

it.live("a recycled process number does not keep a dead owner alive", () =>
  Effect.gen(function* () {
    const stranger = yield* Effect.acquireRelease(
      Effect.sync(() => spawn("sleep", ["60"])),
      (sleeper) => Effect.sync(() => sleeper.kill("SIGKILL"))
    )
    const pid = stranger.pid!
    const path = yield* directory
    const lock = join(path, "store.lock")
    writeFileSync(lock, record(pid, processStart(pid)))
    const refused = yield* Effect.flip(Effect.scoped(acquireLock(path, "/tmp/mine")))
    assert.deepInclude(refused, { _tag: "DirectoryInUse", pid })
    if (processStart(pid) === null) return
    writeFileSync(lock, record(pid, "1"))
    yield* acquireLock(path, "/tmp/mine")
  })
)

it.live("a record that a full disk cut short is no owner", () =>
  Effect.gen(function* () {
    const path = yield* directory
    writeFileSync(join(path, "store.lock"), '{"pid": 1')
    assert.isTrue(Option.isNone(yield* readLock(path)))
    assert.isTrue(Option.isNone(yield* acquireLock(path, "/tmp/mine")))
  })
)
