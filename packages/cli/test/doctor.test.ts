import { chmodSync, chownSync } from "node:fs"
import { join } from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { findPostgres } from "../../../scripts/findServers.mjs"
import type { Running } from "../../../test/servers/child.ts"
import { owner } from "../../../test/servers/owner.ts"
import { startPostgres } from "../../../test/servers/postgres.ts"
import { embeddedPlace, temporaryFolder } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"

describe.skipIf(findPostgres() === undefined)("a Postgres server", () => {
  const folder = temporaryFolder()
  let server: Running
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  /** Settings of the server; the sessions that follow see them. */
  const having = async (setting: string, value: string) => {
    await query(`alter system set ${setting} = ${value}`)
    await query("select pg_reload_conf()")
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  beforeAll(async () => {
    chmodSync(folder.path, 0o755)
    if (owner !== undefined) chownSync(folder.path, owner.uid, owner.gid)
    server = await startPostgres(folder.path)
  })
  afterAll(async () => {
    await server.stop()
    folder.remove()
  })
  const doctor = () =>
    runJson(["doctor", "--data-dir", join(folder.path, "keys"), "--database-url", server.url])

  test("that keeps what it acknowledges is fit for money", async () => {
    const { code, json } = await doctor()
    expect(code).toBe(0)
    expect(json.ok).toBe(true)
    expect(json.database).toMatchObject({
      kind: "server",
      reachable: true,
      servers: [{ fsync: "on", synchronous_commit: "on", fit_for_money: true }]
    })
  })

  test.each([
    ["fsync", "fsync_off"],
    ["synchronous_commit", "synchronous_commit_off"]
  ])("with %s off is refused, with the reason", async (setting, code) => {
    await having(setting, "off")
    const refused = await doctor()
    await having(setting, "on")
    expect(refused.code).toBe(1)
    expect(refused.json.ok).toBe(false)
    expect(refused.json.database.servers[0]).toMatchObject({
      [setting]: "off",
      fit_for_money: false
    })
    expect(refused.json.findings).toContainEqual({
      level: "error",
      code,
      message: expect.stringContaining(`set ${setting} = on`)
    })
    expect((await doctor()).code).toBe(0)
  })

  test("with full_page_writes off is only warned about", async () => {
    await having("full_page_writes", "off")
    const { code, json } = await doctor()
    await having("full_page_writes", "on")
    expect(code).toBe(0)
    expect(json.findings).toContainEqual(
      expect.objectContaining({ level: "warning", code: "full_page_writes_off" })
    )
  })
})

test("a database that does not answer makes a whole report and exit code 6", async () => {
  const url = "postgres://shop:hidden@127.0.0.1:1/store?sslmode=disable"
  const { code, json } = await runJson(["doctor"], { env: { DATABASE_URL: url } })
  expect(code).toBe(6)
  expect(json.database).toMatchObject({ kind: "server", reachable: false })
  expect(json.findings).toContainEqual(
    expect.objectContaining({ level: "error", code: "storage_unavailable" })
  )
})

test("the embedded database says what survives and what may not", async () => {
  const place = await embeddedPlace()
  await makeSampleStore(place)
  const { code, json } = await runJson(["doctor", ...place.args])
  expect(code).toBe(0)
  expect(json.database.servers).toMatchObject([
    {
      fit_for_money: false,
      survives: expect.stringContaining("kill -9"),
      may_not_survive: expect.stringContaining("power cut")
    }
  ])
  expect(json.database.migrations.flatMap((m: { pending: unknown }) => m.pending)).toEqual([])
  const { stdout } = await runStore(["doctor", ...place.args])
  expect(stdout).toMatch(/may not survive\s+a power cut/)
  await place.remove()
})

test("each value is shown with its origin, and no secret is shown", async () => {
  const secrets = {
    STORE_STAFF_TOKEN: "staff-token-of-sixteen",
    STORE_WEBHOOK_SECRET: "webhook-secret-of-sixteen",
    STORE_SESSION_KEY: "session-key-of-sixteen"
  }
  const env = { ...secrets, DATABASE_URL: "postgres://shop:hidden@127.0.0.1:1/store?password=too" }
  const args = ["doctor", "--data-dir", "/nowhere/at/all"]
  const { json } = await runJson(args, { env })
  const setting = (name: string) =>
    json.configuration.find((row: { readonly name: string }) => row.name === name)
  expect(setting("data_dir")).toMatchObject({ origin: "flag --data-dir", env: "STORE_DATA_DIR" })
  expect(setting("port")).toMatchObject({ value: "3000", origin: "default" })
  expect(setting("staff_token")).toMatchObject({
    value: "<redacted>",
    origin: "environment STORE_STAFF_TOKEN"
  })
  expect(setting("database_url").value).toBe(
    "postgres://shop:<redacted>@127.0.0.1:1/store?<redacted>"
  )
  const { stderr, stdout } = await runStore(args, { env })
  for (const secret of [...Object.values(secrets), "hidden", "too"]) {
    expect(JSON.stringify(json) + stdout + stderr).not.toContain(secret)
  }
})

test("Redis is asked for its eviction policy, and its absence is no error", async () => {
  const redis = process.env["REDIS_URL_TEST"] ?? ""
  const { json } = await runJson(["doctor"], { env: { REDIS_URL: redis } })
  expect(json.redis).toMatchObject({ reachable: true, eviction: "noeviction" })
  const gone = await runJson(["doctor"], { env: { REDIS_URL: "redis://127.0.0.1:1" } })
  expect(gone.code).toBe(0)
  expect(gone.json.findings).toContainEqual(
    expect.objectContaining({ level: "warning", code: "redis_down" })
  )
})
