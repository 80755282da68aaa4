import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "doorbuster-launcher-"))
const store = join(folder, "bin/store.js")

const command = `
import { Command } from "@oclif/core"
export default class Wait extends Command {
  async run(): Promise<void> {
    const clock = setInterval(() => {}, 1000)
    process.once("SIGTERM", () => {
      clearInterval(clock)
      this.log("told")
      this.logToStderr("told")
      setTimeout(() => { process.exitCode = 5 }, 50)
    })
    this.log(String(process.pid))
  }
}
`

/** The launcher over one command of its own that waits for a signal. */
beforeAll(() => {
  mkdirSync(join(folder, "src/commands"), { recursive: true })
  cpSync(join(root, "packages/cli/bin/store.js"), store)
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  writeFileSync(join(folder, "src/commands/wait.ts"), command)
  const oclif = { bin: "store", commands: "./src/commands", topicSeparator: " " }
  const manifest = { name: "launched", version: "1.2.3", type: "module", oclif }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Makes a Node take itself for an old one, until it has been launched by one. */
const ageing =
  'if (!process.env.STORE_LAUNCHER_PID) Object.defineProperty(process, "versions", ' +
  '{ value: { ...process.versions, node: "20.0.0" } })'
const old = ["--import", `data:text/javascript,${encodeURIComponent(ageing)}`]

const start = (flags: ReadonlyArray<string>, ...args: ReadonlyArray<string>) =>
  spawn(process.execPath, [...flags, store, ...args], { stdio: ["ignore", "pipe", "pipe"] })

const firstLine = async (child: ChildProcess) => String((await once(child.stdout!, "data"))[0])
const exitOf = async (child: ChildProcess) => (await once(child, "exit"))[0]

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.each([
  ["a Node that is new enough", []],
  ["an old Node", old]
])("started by %s", (_, flags) => {
  test("a command runs, is told of signals, and its exit code comes through", async () => {
    const child = start(flags, "wait")
    const pid = Number(await firstLine(child))
    expect(pid === child.pid).toBe(flags.length === 0)
    const exit = exitOf(child)
    child.kill("SIGTERM")
    expect(await exit).toBe(5)
  })

  test("a usage error keeps its exit code", async () => {
    expect(await exitOf(start(flags, "nonsense"))).toBe(2)
  })

  test("a reader that leaves early causes no warning", async () => {
    const child = start(flags, "--help")
    let said = ""
    child.stderr.on("data", (chunk) => {
      said += chunk
    })
    child.stdout.destroy()
    expect(await exitOf(child)).toBe(0)
    expect(said).toBe("")
  })

  test("a command whose readers have all left still ends its work", async () => {
    const child = start(flags, "wait")
    await firstLine(child)
    child.stdout.destroy()
    child.stderr.destroy()
    const exit = exitOf(child)
    child.kill("SIGTERM")
    expect(await exit).toBe(5)
  })
})

test("a store whose launcher was killed goes as well", async () => {
  const child = start(old, "wait")
  const pid = Number(await firstLine(child))
  expect(isAlive(pid)).toBe(true)
  child.kill("SIGKILL")
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})

test("without a Node that is new enough the message says where to get one", async () => {
  rmSync(join(folder, "node_modules"))
  const child = start(old, "--version")
  const exit = exitOf(child)
  expect(String((await once(child.stderr, "data"))[0])).toMatch(/needs Node 24 or newer.*npm ci/s)
  expect(await exit).toBe(6)
})
