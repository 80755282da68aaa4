/** What stands around the store: its folder, its home, its output. */
import { spawnSync } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Cause from "effect/Cause"
import { afterAll, describe, expect, test } from "vitest"
import { failureOf } from "../src/failure.ts"
import { isRefusal } from "../src/storageDetail.ts"
import { fixture } from "./support/fixture.ts"
import { temporaryFolder } from "./support/places.ts"
import { runJson } from "./support/runStore.ts"

const folder = temporaryFolder()
afterAll(() => folder.remove())
const file = join(folder.path, "file")
writeFileSync(file, "")

describe("a data directory that is a file", () => {
  test.each([["seed", fixture], ["serve", "--port", "0"], ["check"]])(
    "is named by %s, which exits 1",
    async (...args) => {
      const given = args.filter((arg) => arg !== undefined)
      const { code, json } = await runJson([...given, "--data-dir", file])
      expect([code, json.error.code]).toEqual([1, "data_directory_unusable"])
      expect(json.error.message).toContain(`${file} is a file`)
    }
  )
  test("is named by doctor, which is not ok with it", async () => {
    const { code, json } = await runJson(["doctor", "--data-dir", file])
    expect([code, json.ok]).toEqual([1, false])
    expect(json.findings[0].message).toContain(`${file} is a file`)
  })
})

test("an empty HOME counts as unset: nothing is kept beside the caller", async () => {
  const { json } = await runJson(["doctor"], { env: { HOME: "" }, cwd: folder.path })
  const row = json.configuration?.find(({ name }: { name: string }) => name === "data_dir")
  expect(row?.value ?? "/").toMatch(/^\//)
})

test("a topic with --json but without a command is refused in JSON", async () => {
  for (const args of [["ledger"], ["order", "--json", "nope"]]) {
    const { code, json } = await runJson(args)
    expect([code, json.error.code]).toEqual([2, "usage"])
  }
})

test.skipIf(!existsSync("/dev/full"))(
  "output that cannot be written is one line and exit 1",
  () => {
    const bin = fileURLToPath(new URL("../bin/store.js", import.meta.url))
    const command = `"${process.execPath}" "${bin}" --help > /dev/full`
    const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: the output cannot be written: ENOSPC[^\n]*\n$/)
  }
)

describe("what a database says", () => {
  const told = (detail: string) =>
    failureOf(Cause.fail(new StorageError({ operation: "x", reason: "unavailable", detail })))
  test("tells a refusal from an outage", () => {
    const refusals = ["42501: permission denied for schema money", "28P01: wrong password"]
    const outages = ["ECONNREFUSED: connect", "EPIPE: write", "57P03: starting up", "timeout"]
    expect(refusals.map(isRefusal)).toEqual([true, true])
    expect(outages.map(isRefusal)).toEqual([false, false, false, false])
    expect(told(refusals[0] ?? "")).toMatchObject({ code: "storage_refused", exit: 1 })
    expect(told(refusals[0] ?? "").message).toContain("answered, but refused (42501")
    expect(told(outages[0] ?? "")).toMatchObject({ code: "storage_unavailable", exit: 6 })
  })
  test("names the full disk when the embedded one aborts", () => {
    const { message } = told("Aborted(). Build with -sASSERTIONS for more info.")
    expect(message).toBe("the embedded database stopped: is the disk full?")
  })
})
