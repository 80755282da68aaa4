import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { afterAll, describe } from "vitest"
import { load, showOrigin } from "../../src/configuration/Configuration.ts"
import { platformDataDirectory } from "../../src/configuration/dataDirectory.ts"
import { sandboxOptions } from "../../src/configuration/providerMix.ts"
import { settingNames, settings } from "../../src/configuration/settings.ts"
import { temporaryFolder } from "../support/places.ts"

const folder = temporaryFolder()
afterAll(() => folder.remove())

const file = join(folder.path, "settings.json")
mkdirSync(folder.path, { recursive: true })
writeFileSync(file, JSON.stringify({ port: 1001, host: "10.0.0.1", pool_size: 3 }))

describe("settings", () => {
  it.effect("come from the flag, then the environment, then the file, then the default", () =>
    Effect.gen(function* () {
      const env = { STORE_PORT: "1002", STORE_HOST: "10.0.0.2" }
      const { origins, values } = yield* load({ config: file, port: 1003 }, env)
      assert.deepStrictEqual(
        [values.port, values.host, values.poolSize, values.providerSeed],
        [1003, "10.0.0.2", 3, "approve"]
      )
      assert.deepStrictEqual(
        [origins.port, origins.host, origins.poolSize, origins.providerSeed].map(showOrigin),
        ["flag --port", "environment STORE_HOST", `file ${file}`, "default"]
      )
    })
  )

  it.effect("treat an empty variable as unset", () =>
    Effect.gen(function* () {
      const { values } = yield* load({ config: file }, { STORE_PORT: "" })
      assert.strictEqual(values.port, 1001)
    })
  )

  it.effect("may name their file by a variable", () =>
    Effect.gen(function* () {
      const { values } = yield* load({}, { STORE_CONFIG: file })
      assert.strictEqual(values.port, 1001)
    })
  )

  it.effect("refuse a value that cannot be meant, by its name", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(load({}, { STORE_PORT: "80a" }))
      assert.strictEqual(error.message, "STORE_PORT has to be a whole number from 0 to 65535")
      const short = yield* Effect.flip(load({}, { STORE_STAFF_TOKEN: "short" }))
      assert.include(short.message, "at least 16 characters")
      const other = yield* Effect.flip(load({}, { DATABASE_URL: "mysql://127.0.0.1/store" }))
      assert.include(other.message, "postgres://")
      assert.notInclude(other.message, "127.0.0.1")
    })
  )

  it.effect("know words, and what is on or off, from wherever they come", () =>
    Effect.gen(function* () {
      const said = yield* load({ role: "web", "order-queue": true }, { STORE_ROLE: "worker" })
      assert.include(said.values, { role: "web", orderQueue: true })
      const unsaid = yield* load({ "order-queue": false }, { STORE_ORDER_QUEUE: "on" })
      assert.include(unsaid.values, { role: "all", orderQueue: false })
      const off = yield* load({}, { STORE_ORDER_QUEUE: "off" })
      assert.include(off.values, { orderQueue: false })
      const word = yield* Effect.flip(load({}, { STORE_ROLE: "boss" }))
      assert.strictEqual(word.message, "STORE_ROLE has to be one of all, web, worker")
      const neither = yield* Effect.flip(load({}, { STORE_ORDER_QUEUE: "yes" }))
      assert.strictEqual(neither.message, "STORE_ORDER_QUEUE has to be on or off")
    })
  )

  it.effect("keep secrets out of whatever prints them", () =>
    Effect.gen(function* () {
      const { values } = yield* load({}, { STORE_SESSION_KEY: "a-session-key-of-ours" })
      const { sessionKey } = values
      assert.strictEqual(sessionKey && Redacted.value(sessionKey), "a-session-key-of-ours")
      assert.notInclude(`${String(sessionKey)} ${JSON.stringify(values.sessionKey)}`, "of-ours")
    })
  )

  it("have one name each, everywhere", () => {
    for (const of of [
      settingNames.map((name) => settings[name].file),
      settingNames.map((name) => settings[name].env)
    ]) {
      assert.strictEqual(new Set(of).size, of.length)
    }
  })
})

describe("the data directory", () => {
  it("is the platform's", () => {
    const of = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
      platformDataDirectory(platform, env, "/me")
    assert.strictEqual(of("linux"), "/me/.local/share/doorbuster")
    assert.strictEqual(of("linux", { XDG_DATA_HOME: "/data" }), "/data/doorbuster")
    assert.strictEqual(of("linux", { XDG_DATA_HOME: "data" }), "/me/.local/share/doorbuster")
    assert.strictEqual(of("darwin"), "/me/Library/Application Support/doorbuster")
  })
})

describe("the sandbox provider's mix", () => {
  const mixOf = (providerMix: string) =>
    Effect.flatMap(load({ "provider-mix": providerMix }, {}), sandboxOptions)

  it.effect("is read from weights", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* mixOf("approve=9, decline=1"), {
        seed: "approve",
        mix: { approve: 9, decline: 1 }
      })
    })
  )

  it.effect("refuses what the provider cannot do", () =>
    Effect.gen(function* () {
      for (const mix of ["explode=1", "approve", "approve=-1", "approve=0", "approve=1;late=1"]) {
        const error = yield* Effect.flip(mixOf(mix))
        assert.strictEqual(error._tag, "ConfigurationInvalid")
        assert.include(error.message, mix)
      }
    })
  )
})

describe("a configuration file that never ends loading", () => {
  it.effect("is given up, with a word on why", () =>
    Effect.gen(function* () {
      const path = join(folder.path, "endless.mjs")
      writeFileSync(path, "await new Promise(() => {})")
      const loading = yield* Effect.forkChild(Effect.flip(load({ config: path }, {})))
      yield* TestClock.adjust("30 seconds")
      const { message } = yield* Fiber.join(loading)
      assert.strictEqual(message, `${path} is not loaded after 30 s: it awaits what never comes`)
    })
  )
})
