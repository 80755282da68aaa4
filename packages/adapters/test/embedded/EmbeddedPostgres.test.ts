import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import pg from "pg"
import {
  connect,
  openOrConnect,
  type SocketConfig,
  start
} from "../../src/embedded/EmbeddedPostgres.ts"
import { childProgram } from "./childProgram.ts"
import { temporaryDirectory } from "./openStore.ts"

const directory = Effect.acquireRelease(Effect.sync(temporaryDirectory), ({ remove }) =>
  Effect.sync(remove)
).pipe(Effect.map(({ path }) => path))

const writer = (path: string) =>
  Effect.acquireRelease(
    Effect.sync(() => childProgram("writeRows", path)),
    (program) => Effect.promise(() => program.kill())
  )

const ask = (config: SocketConfig, sql: string): Effect.Effect<Array<Record<string, unknown>>> =>
  Effect.promise(async () => {
    const client = new pg.Client(config)
    await client.connect()
    const { rows } = await client.query(sql)
    await client.end()
    return rows
  })

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it.live(
  "every acknowledged row survives kill -9 of the process, again and again",
  () =>
    Effect.gen(function* () {
      const path = yield* directory
      const acknowledged = new Set<string>()
      for (const runMs of [150, 400, 700]) {
        const child = yield* writer(path)
        yield* Effect.promise(async () => {
          await child.line(/^ack/)
          await pause(runMs)
          await child.kill()
        })
        const acks = child.lines.filter((line) => line.startsWith("ack "))
        for (const line of acks) acknowledged.add(line.slice(4))
      }
      const { config, owner } = yield* openOrConnect(path)
      assert.isTrue(owner)
      const found = yield* ask(config, "select id from written")
      const ids = new Set(found.map((row) => row["id"] as string))
      assert.deepStrictEqual(
        [...acknowledged].filter((id) => !ids.has(id)),
        []
      )
      assert.isAbove(acknowledged.size, 100)
    }),
  60_000
)

it.live(
  "a kill in the middle of the first start leaves a directory that starts",
  () =>
    Effect.gen(function* () {
      const path = yield* directory
      for (const afterMs of [1200, 1900]) {
        const child = yield* writer(path)
        yield* Effect.promise(async () => {
          await pause(afterMs)
          await child.kill()
        })
      }
      const { config } = yield* start(path)
      assert.deepStrictEqual(yield* ask(config, "select 1 as one"), [{ one: 1 }])
    }),
  60_000
)

it.live(
  "a second process is refused by name, may connect as a guest, and inherits",
  () =>
    Effect.gen(function* () {
      const path = yield* directory
      const noOwner = yield* Effect.flip(connect(path))
      assert.strictEqual(noOwner._tag, "NoOwner")
      const child = yield* writer(path)
      // The guest comes while the owner is still starting, and waits for it.
      yield* Effect.promise(async () => {
        while (!existsSync(join(path, "store.lock"))) await pause(20)
      })
      const guest = yield* openOrConnect(path)
      assert.isFalse(guest.owner)
      yield* Effect.promise(() => child.line(/^ack/))
      const seen = yield* ask(guest.config, "select count(*)::int as n from written")
      assert.isAbove(seen[0]!["n"] as number, 0)
      const refused = yield* Effect.flip(Effect.scoped(start(path)))
      assert.deepInclude(refused, {
        _tag: "DirectoryInUse",
        pid: child.process.pid!,
        socket: guest.config.host
      })
      yield* Effect.promise(() => child.kill())
      const heir = yield* openOrConnect(path)
      assert.isTrue(heir.owner)
      assert.isFalse(existsSync(guest.config.host), "the dead owner's socket is swept")
    }),
  60_000
)

it.live(
  "a clean stop leaves the rows and neither lock nor socket",
  () =>
    Effect.gen(function* () {
      const path = yield* directory
      const host = yield* Effect.scoped(
        Effect.gen(function* () {
          const { config } = yield* start(path)
          yield* ask(config, "create table kept as select 7 as n")
          assert.isTrue(existsSync(join(path, "store.lock")))
          return config.host
        })
      )
      assert.isFalse(existsSync(join(path, "store.lock")))
      assert.isFalse(existsSync(host))
      const { config } = yield* start(path)
      assert.deepStrictEqual(yield* ask(config, "select n from kept"), [{ n: 7 }])
    }),
  60_000
)
