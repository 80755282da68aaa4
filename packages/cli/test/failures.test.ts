import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Place, serverPlace, temporaryFolder } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"

const nobody = "019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f"
const folder = temporaryFolder()
afterAll(() => folder.remove())

describe("usage errors", () => {
  test.each([
    ["an unknown flag", ["check", "--nope"], "Nonexistent flag: --nope"],
    ["an argument too many", ["order", "show", nobody, "twice"], "Unexpected argument: twice"],
    ["a word after a command", ["check", "extra"], 'check takes no argument "extra"'],
    ["an unknown command of a topic", ["ledger", "nope"], 'no command "ledger nope"'],
    ["a missing argument", ["order", "show"], "Missing 1 required arg"],
    ["an id that is none", ["order", "show", "42"], '"42" is no id'],
    ["a number that is none", ["check", "--grace", "soon"], "Expected an integer"],
    ["a port beyond all ports", ["serve", "--port", "70000"], "65535"],
    ["units that are none", ["order", "refund", nobody, "--restock", "CUP"], "SKU=UNITS"],
    ["an amount of nothing", ["order", "refund", nobody, "--amount", "0"], "above zero"],
    ["a state that is none", ["order", "list", "--state", "lost"], "to be one of"]
  ])("%s exits 2, in words and in JSON", async (_, args, message) => {
    const said = await runStore(args)
    expect(said.code).toBe(2)
    expect(said.stdout).toBe("")
    expect(said.stderr).toMatch(/^error: [^\n]+\n$/)
    expect(said.stderr).toContain(message)
    const { code, json, stderr } = await runJson(args)
    expect(code).toBe(2)
    expect(stderr).toBe("")
    expect(json).toEqual({ error: { code: "usage", message: expect.stringContaining(message) } })
  })
})

describe("settings that cannot be meant", () => {
  const fileWith = (name: string, text: string) => {
    const path = join(folder.path, name)
    writeFileSync(path, text)
    return path
  }

  test.each([
    ["an unknown key", '{"portt": 1}', 'unknown key "portt"'],
    ["a wrong type", '{"port": "high"}', "port has to be a whole number from 0 to 65535"],
    ["no JSON", "port: 1", "is not JSON"],
    ["a list", "[]", "has to hold a JSON object"]
  ])("a file with %s exits 2 and names the file", async (name, text, message) => {
    const path = fileWith(`${name}.json`, text)
    const { code, json } = await runJson(["doctor", "--config", path])
    expect(code).toBe(2)
    expect(json.error.code).toBe("configuration_invalid")
    expect(json.error.message).toContain(path)
    expect(json.error.message).toContain(message)
  })

  test("a file that was named but is not there exits 2", async () => {
    const { code, json } = await runJson(["doctor", "--config", join(folder.path, "gone.json")])
    expect(code).toBe(2)
    expect(json.error.message).toContain("cannot be read")
  })

  test("databases for some schemas only exit 2", async () => {
    const env = { MONEY_DATABASE_URL: "postgres://127.0.0.1:1/money" }
    const { code, json } = await runJson(["check"], { env })
    expect(code).toBe(2)
    expect(json.error.message).toContain("CATALOG_DATABASE_URL")
  })
})

describe("a store that is not there", () => {
  const read = [
    ["check"],
    ["order", "show", nobody],
    ["order", "explain", nobody],
    ["order", "list"],
    ["order", "ship", nobody],
    ["order", "deliver", nobody],
    ["order", "refund", nobody],
    ["saga", "list"],
    ["saga", "show", nobody],
    ["saga", "retry", nobody],
    ["stock", "show"],
    ["stock", "set", "CUP", "1"],
    ["ledger", "trial-balance"]
  ]

  test.each(read)("%s %s on an empty directory exits 1 and says what to run", async (...args) => {
    const given = args.filter((arg) => arg !== undefined)
    const { code, json } = await runJson([...given, "--data-dir", join(folder.path, "empty")])
    expect(code).toBe(1)
    expect(json.error.code).toBe("no_store_here")
    expect(json.error.message).toContain("store seed")
  })

  test.each([...read, ["serve", "--port", "0"]])(
    "%s %s on a database that is down exits 6",
    async (...args) => {
      const given = args.filter((arg) => arg !== undefined)
      const url = "postgres://127.0.0.1:1/store"
      const place = ["--database-url", url, "--data-dir", folder.path]
      const { code, json } = await runJson([...given, ...place])
      expect(code).toBe(6)
      expect(json.error).toMatchObject({ code: "storage_unavailable", reason: "unavailable" })
      expect(json.error.message).toContain("DATABASE_URL")
    }
  )
})

describe("a database of another age", () => {
  let place: Place
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: place.flags["database-url"] })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  beforeAll(async () => {
    place = await serverPlace()
    mkdirSync(place.flags["data-dir"] ?? "", { recursive: true })
  })
  afterAll(() => place.remove())

  test("one without our tables is refused, and left as it is", async () => {
    const { code, json } = await runJson(["check", ...place.args])
    expect(code).toBe(1)
    expect(json.error).toMatchObject({ code: "not_migrated", schema: "inventory" })
    expect(json.error.message).toContain("store serve")
    const { json: report } = await runJson(["doctor", ...place.args])
    expect(report.database.migrations[0]).toMatchObject({ schema: "inventory", applied: [] })
    expect(report.findings).toContainEqual(
      expect.objectContaining({ level: "warning", code: "migrations_pending" })
    )
  })

  test("one that a newer program wrote is refused by readers and by the server", async () => {
    await query(`create schema money;
      create table money.migrations (
        id integer primary key, name text, checksum text, applied_at timestamptz default now()
      );
      insert into money.migrations values (9999, '9999_future', 'x')`)
    for (const args of [["check"], ["serve", "--port", "0"]]) {
      const { code, json } = await runJson([...args, ...place.args])
      expect(code).toBe(1)
      const expected = args[0] === "check" ? ["not_migrated", "database_newer"] : ["database_newer"]
      expect(expected).toContain(json.error.code)
    }
    const { code, json: report } = await runJson(["doctor", ...place.args])
    expect(code).toBe(1)
    expect(report.findings).toContainEqual(
      expect.objectContaining({ level: "error", code: "database_newer" })
    )
  })
})
