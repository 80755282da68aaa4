import { execFile } from "node:child_process"
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { bundle } from "../scripts/bundle.mjs"

const run = promisify(execFile)
const root = fileURLToPath(new URL("..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "doorbuster-pack-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const minutes = (count: number) => count * 60_000
const slow = { timeout: minutes(4) }

describe("the packed store, installed in an empty folder", () => {
  const home = join(folder, "home")
  const store = (...args: ReadonlyArray<string>) =>
    run(join(home, "node_modules/.bin/store"), args, { cwd: home })

  beforeAll(async () => {
    mkdirSync(home)
    await run(process.execPath, ["scripts/build.mjs", "--pack", folder], { cwd: root })
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))
    const options = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
    // The Node that runs this test serves: its package need not be fetched again.
    const args = ["install", ...options, "--omit=optional", join(folder, tarball ?? "")]
    await run("npm", args, { cwd: home })
  }, minutes(5))

  test("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"))
    const { stderr, stdout } = await store("--version")
    expect(stdout).toContain(`doorbuster/${version}`)
    expect(stderr).toBe("")
  })

  test("lists the same commands as the clone", async () => {
    const here = await run(process.execPath, [join(root, "packages/cli/bin/store.js"), "--help"])
    const there = await store("--help")
    const listed = (help: string) => help.slice(help.indexOf("USAGE"))
    expect(listed(there.stdout)).toBe(listed(here.stdout))
    expect(there.stderr).toBe("")
  })

  test("seeds a shop, replays its first day and finds its books in order", slow, async () => {
    const place = ["--data-dir", join(folder, "data"), "--json"]
    const trace = join(root, "fixtures/uci-online-retail")
    await store("seed", trace, "--stock", "exact", ...place)
    const day = ["--from", "2010-12-01", "--to", "2010-12-02"]
    const replayed = await store("replay", trace, ...day, ...place)
    expect(JSON.parse(replayed.stdout)).toMatchObject({ matches: true })
    const checked = await store("check", ...place)
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true })
  })

  /** The worked example as somebody takes it out of the package. */
  const shop = (name: string, spelling: string) => {
    const path = join(home, name)
    cpSync(join(home, "node_modules/doorbuster/examples/invoices"), path, { recursive: true })
    for (const file of ["InvoiceProvider.ts", "store.config.ts"]) {
      const text = readFileSync(join(path, file), "utf8")
      writeFileSync(join(path, file), text.replaceAll("@doorbuster/", spelling))
    }
    writeFileSync(join(path, "package.json"), '{ "type": "module" }')
    return path
  }

  test("sells over a plugged payment provider, and its books are in order", slow, async () => {
    const config = ["--config", join(shop("invoices", "@doorbuster/"), "store.config.ts")]
    const place = ["--data-dir", join(folder, "invoices-data"), "--json", ...config]
    const trace = join(root, "fixtures/uci-online-retail")
    await store("seed", trace, "--stock", "exact", ...place)
    // Ten orders of that day are above the limit of an invoice, so the day is not the shop's own.
    const day = ["--from", "2010-12-01", "--to", "2010-12-02"]
    const replayed = await store("replay", trace, ...day, ...place).catch((error: unknown) => error)
    expect((replayed as { readonly stdout: string }).stdout).toMatch(
      /"orders not paid",\s+"file": "0",\s+"store": "10"/
    )
    const balance = await store("ledger", "trial-balance", ...place)
    expect(balance.stdout).toContain("assets:provider:invoice")
    const checked = await store("check", ...place)
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true })
  })

  test("brings the types that a configuration is written against", slow, async () => {
    const path = shop("typed", "doorbuster/")
    rmSync(join(path, "InvoiceProvider.test.ts"))
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      typeRoots: [join(root, "node_modules/@types")],
      types: ["node"]
    }
    writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions }))
    const compile = () =>
      run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", path]).catch(
        (error: unknown) => error as { readonly stdout: string }
      )
    expect((await compile()).stdout).toBe("")
    const config = join(path, "store.config.ts")
    const right = readFileSync(config, "utf8")
    writeFileSync(config, right.replace("paymentProvider:", "inventory:"))
    expect((await compile()).stdout).toMatch(/^\S*store\.config\.ts\(\d+,\d+\): error TS2322: /)
    expect((await compile()).stdout).toContain("Inventory")
  })

  test("refuses a command that does not exist, in JSON if asked", async () => {
    const refused = await store("sell", "--json").catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 2 })
    expect(JSON.parse((refused as { stdout: string }).stdout)).toMatchObject({
      error: { code: "usage" }
    })
  })

  test("simulates, and shows a bug of the museum", slow, async () => {
    const { stdout } = await store("simulate", "--seed", "3", "--runs", "2", "--json")
    expect(JSON.parse(stdout)).toMatchObject({ runs: 2, violations: 0 })
    const shown = await store("museum", "float-money", "--runs", "20", "--json")
    expect(JSON.parse(shown.stdout)).toMatchObject({
      mutants: [{ name: "float-money", found: true }],
      unchanged: { violations: 0 }
    })
  })

  test("runs no TypeScript, which Node refuses to do there: what lies there is read", () => {
    const files = readdirSync(join(home, "node_modules/doorbuster"), {
      recursive: true,
      encoding: "utf8"
    })
    const typescript = files.filter((name) => name.endsWith(".ts"))
    const read = /^packages\/\w+\/src\/|^examples\/|^lib\/.*\.d\.ts$/
    expect(typescript.filter((name) => !read.test(name))).toEqual([])
    expect(files).toContain("LICENSE")
  })
})

describe("bundling", () => {
  const write = (base: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(base, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
  const command = "packages/cli/src/commands/order/show.ts"

  test("finds workers and data again after the move, and shares what they share", async () => {
    const base = join(folder, "moved")
    write(base, {
      [command]:
        'import { rows, worker } from "@doorbuster/adapters/a/A"\nexport default [rows, worker]',
      "packages/adapters/src/a/A.ts": [
        'import type { Where } from "./where.ts"',
        'export const rows: Where = new URL("../../data/", import.meta.url)',
        'export const worker: Where = new URL("./worker.ts", import.meta.url)'
      ].join("\n"),
      "packages/adapters/src/a/where.ts": "export type Where = URL",
      "packages/adapters/src/a/worker.ts": 'import "node:fs"\nexport default "at work"',
      "packages/adapters/data/rows.csv": "a,b",
      "package.json": '{ "type": "module", "imports": { "#here": "./dist/here.js" } }',
      "dist/here.js": `export const here = (path) => new URL("../" + path, import.meta.url)`
    })
    const { data, externals } = await bundle(base, join(base, "dist"))
    expect(data).toEqual(["packages/adapters/data"])
    expect(externals).toEqual([])
    const shown = await import(pathToFileURL(join(base, "dist/commands/order/show.js")).href)
    const [rows, worker] = shown.default
    expect(readFileSync(join(fileURLToPath(rows), "rows.csv"), "utf8")).toBe("a,b")
    expect((await import(worker.href)).default).toBe("at work")
  })

  test.each([
    ["a place that is not there", 'new URL("./gone.ts", import.meta.url)', "not there"],
    ["a place it cannot read off", "import.meta.dirname", "packing loses it"]
  ])("refuses %s", async (name, expression, message) => {
    const base = join(folder, name.replaceAll(" ", "-"))
    write(base, { [command]: `export default ${expression}` })
    await expect(bundle(base, join(base, "dist"))).rejects.toThrow(message)
  })
})
