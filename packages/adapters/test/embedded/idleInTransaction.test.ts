import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import pg from "pg"
import { runThread } from "../../src/embedded/WorkerThread.ts"
import { temporaryDirectory } from "./openStore.ts"

it.live(
  "who sleeps in a transaction while others wait is rolled back and disconnected",
  () =>
    Effect.gen(function* () {
      const directory = yield* Effect.acquireRelease(
        Effect.sync(temporaryDirectory),
        ({ remove }) => Effect.sync(remove)
      )
      const host = join(directory.path, "s")
      mkdirSync(host)
      const pgdata = join(directory.path, "pgdata")
      const socket = join(host, ".s.PGSQL.5432")
      yield* runThread({ task: "serve", pgdata, socket, idleInTransactionMsMax: 200 })
      yield* Effect.promise(async () => {
        const config = { host, port: 5432, user: "postgres", database: "postgres" }
        const [sleeper, other] = [new pg.Client(config), new pg.Client(config)]
        const farewell = new Promise<Error>((resolve) => sleeper.on("error", resolve))
        await Promise.all([sleeper.connect(), other.connect()])
        await sleeper.query("begin; create table dream (id int)")
        const { rows } = await other.query("select to_regclass('dream') as dream")
        assert.strictEqual(rows[0].dream, null)
        assert.propertyVal(await farewell, "code", "25P03")
        await other.end()
      })
    }),
  30_000
)
