import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { load } from "../../src/configuration/Configuration.ts"
import { keysOf, keysPath } from "../../src/configuration/keys.ts"
import { temporaryFolder } from "../support/places.ts"

const inFolder = <A, E>(use: (dataDir: string) => Effect.Effect<A, E>) =>
  Effect.acquireUseRelease(
    Effect.sync(temporaryFolder),
    ({ path }) => use(join(path, "data")),
    ({ remove }) => Effect.sync(remove)
  )

const keysIn = (dataDir: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.flatMap(load({ "data-dir": dataDir }, env), keysOf)

it.effect("keys are made once and read ever after", () =>
  inFolder((dataDir) =>
    Effect.gen(function* () {
      const first = yield* keysIn(dataDir)
      const second = yield* keysIn(dataDir)
      for (const name of ["staffToken", "webhookSecret", "sessionKey"] as const) {
        assert.strictEqual(Redacted.value(first[name]), Redacted.value(second[name]))
      }
      const all = new Set(Object.values(first).map((key) => Redacted.value(key)))
      assert.strictEqual(all.size, 3)
      assert.deepStrictEqual(readdirSync(dataDir), ["keys.json"])
    })
  )
)

it.effect("a key that is configured wins over the one that was generated", () =>
  inFolder((dataDir) =>
    Effect.gen(function* () {
      const generated = yield* keysIn(dataDir)
      const given = yield* keysIn(dataDir, { STORE_STAFF_TOKEN: "a-token-of-our-own" })
      assert.strictEqual(Redacted.value(given.staffToken), "a-token-of-our-own")
      assert.strictEqual(Redacted.value(given.sessionKey), Redacted.value(generated.sessionKey))
    })
  )
)

it.effect("a damaged file is not overwritten but named", () =>
  inFolder((dataDir) =>
    Effect.gen(function* () {
      yield* keysIn(dataDir)
      writeFileSync(keysPath(dataDir), "{}")
      const error = yield* Effect.flip(keysIn(dataDir))
      assert.strictEqual(error._tag, "KeysUnusable")
      assert.include(error.message, keysPath(dataDir))
    })
  )
)
