import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { portNames } from "../src/plugins/pluggable.ts"
import { serverPlace, temporaryFolder } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"
import { startServing } from "./support/serving.ts"

const example = fileURLToPath(new URL("../../../examples/invoices", import.meta.url))
const folder = temporaryFolder()
afterAll(() => folder.remove())

const slow = { timeout: 120_000 }

/** A folder with these files, and nothing else around it. */
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(folder.path, "shop-"))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

interface Port {
  readonly name: string
}

const portIn = ({ ports }: { readonly ports: ReadonlyArray<Port> }, name: string) =>
  ports.find((port) => port.name === name)

describe("the example, copied to a folder without any packages", () => {
  const home = mkdtempSync(join(folder.path, "invoices-"))
  cpSync(example, home, { recursive: true })
  const file = join(home, "store.config.ts")

  test(
    "takes orders, declines what is above its limit, and its books are in order",
    slow,
    async () => {
      const place = await serverPlace()
      await makeSampleStore(place)
      const args = [...place.args, "--config", file]
      const serving = await startServing({ args })
      const { url } = serving.ready
      const session = await fetch(`${url}/sessions`, { method: "POST" })
      const { token } = (await session.json()) as { readonly token: string }
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }
      const ask = async (path: string, init: RequestInit = {}) => {
        const answer = await fetch(url + path, { headers, ...init })
        return (await answer.json()) as Readonly<Record<string, unknown>>
      }
      const buy = (quantity: number) =>
        ask("/checkout", {
          method: "POST",
          headers: { ...headers, "Idempotency-Key": `order-of-${quantity}` },
          body: JSON.stringify({
            currency: "EUR",
            ship_to: { country: "Germany" },
            lines: [{ sku: "TEAPOT", quantity }]
          })
        })
      const stateOf = (order: Readonly<Record<string, unknown>>) => async () =>
        (await ask(`/orders/${order["order_id"]}`))["state"]
      const [small, large] = [await buy(1), await buy(30)]
      await expect.poll(stateOf(small), { timeout: 20_000 }).toBe("paid")
      await expect.poll(stateOf(large), { timeout: 20_000 }).toBe("canceled")
      expect((await serving.stop()).code).toBe(0)

      const refund = ["order", "refund", String(small["order_id"]), ...args]
      expect((await runJson(refund)).code).toBe(0)
      const checked = await runJson(["check", ...args])
      expect(checked.json).toMatchObject({ ok: true })
      const { json: books } = await runJson(["ledger", "trial-balance", ...args])
      expect(JSON.stringify(books)).toContain("assets:provider:invoice")
      expect(JSON.stringify(books)).not.toContain("assets:provider:sandbox")
      await place.remove()
    }
  )

  test("is what the doctor names as the server of the port", async () => {
    const where = ["doctor", "--data-dir", join(home, "data")]
    const { json } = await runJson(where, { cwd: home })
    expect(portIn(json, "paymentProvider")).toEqual({
      name: "paymentProvider",
      served_by: file,
      plugged: true,
      around: null
    })
    expect(portIn(json, "orders")).toMatchObject({ served_by: "postgres", plugged: false })
    const setting = json.configuration.find(({ name }: Port) => name === "port")
    expect(setting).toMatchObject({ value: "8080", origin: `file ${file}` })
    const { stdout } = await runStore(where, { cwd: home })
    expect(stdout).toMatch(new RegExp(`paymentProvider +plugged from ${file}`))
    expect(stdout).toMatch(/orders +postgres/)
  })
})

test("the page on adapters names each port that may be plugged", () => {
  const page = fileURLToPath(new URL("../../../docs/engineer/adapters.md", import.meta.url))
  const text = readFileSync(page, "utf8")
  expect(portNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

const importing = `import { defineConfig } from "@doorbuster/cli/config"
import { Carts } from "@doorbuster/core/cart/Carts"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
`

describe("a configuration file that cannot be meant exits 2, with its name and the reason", () => {
  const cases: ReadonlyArray<readonly [string, string, string]> = [
    ["throws", `throw new Error("no key given")`, "cannot be loaded: no key given"],
    ["throws no error", "throw 7", "cannot be loaded: 7"],
    ["imports what is not there", `import "./gone.ts"`, "Cannot find module"],
    ["is no TypeScript", "export default {{", "cannot be loaded: "],
    ["has an enum", "enum A { B }\nexport default {}", "compiles no enum"],
    ["has no default export", "export const config = {}", "has to have a default export"],
    ["exports a list", "export default []", "has to have a default export"],
    ["says something else", "export default { port: 1 }", 'says "port"; known are: settings'],
    ["has an unknown key", "export default { settings: { portt: 1 } }", 'unknown key "portt"'],
    ["has a wrong value", "export default { settings: { port: -1 } }", "port has to be"],
    ["plugs an unknown port", "export default { ports: { cart: 1 } }", 'unknown port "cart"'],
    ["plugs no layer", "export default { ports: { carts: {} } }", "ports.carts has to be a Layer"]
  ]
  test.each(cases)("one that %s", async (_, text, reason) => {
    const cwd = folderWith({ "store.config.mts": text })
    const { code, stderr, stdout } = await runStore(["doctor"], { cwd })
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).toMatch(/^error: [^\n]*\n$/)
    expect(stderr).toContain(`error: ${join(cwd, "store.config.mts")}`)
    expect(stderr).toContain(reason)
  })

  test("one of TypeScript under node_modules, where Node runs none", async () => {
    const cwd = join(folderWith({}), "node_modules/shop")
    mkdirSync(cwd, { recursive: true })
    writeFileSync(join(cwd, "store.config.ts"), "export default {}")
    const { code, stderr } = await runStore(["doctor"], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain("lies under node_modules")
  })

  test("two files side by side, until one is named", async () => {
    const settings = { "store.config.ts": "export default {}", "store.config.json": "{}" }
    const cwd = folderWith(settings)
    const { code, json } = await runJson(["doctor"], { cwd })
    expect(code).toBe(2)
    expect(json.error.code).toBe("configuration_invalid")
    expect(json.error.message).toContain("store.config.json, store.config.ts")
    const named = await runJson(["doctor", "--config", "store.config.ts"], { cwd })
    expect(named.code).toBe(0)
  })
})

test("a layer that cannot be built exits 6, and nothing takes requests", async () => {
  const plugged = `${importing}
export default defineConfig({
  ports: { carts: Layer.effect(Carts, Effect.fail(new Error("the warehouse is closed"))) }
})`
  const cwd = folderWith({ "store.config.mts": plugged })
  const place = await serverPlace()
  const { code, json, stderr } = await runJson(["serve", "--port", "0", ...place.args], { cwd })
  await place.remove()
  expect(code).toBe(6)
  expect(json.error).toMatchObject({ code: "plugin_failed", port: "carts" })
  expect(json.error.message).toBe(
    `${join(cwd, "store.config.mts")}: ports.carts could not be built: the warehouse is closed`
  )
  expect(stderr).not.toContain("listening")
})
