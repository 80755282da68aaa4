import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Command } from "@oclif/core"
import { Parser } from "@oclif/core"
import { beforeAll, describe, expect, test } from "vitest"
import { runStore } from "./support/runStore.ts"

const folder = fileURLToPath(new URL("../src/commands/", import.meta.url))

const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, "").replaceAll("/", " "))
  .sort()

const load = async (name: string): Promise<Command.Class> => {
  const path = `${join(folder, name.replaceAll(" ", "/"))}.ts`
  return (await import(pathToFileURL(path).href)).default
}

/** The command lines of its examples, without the program and the command. */
const examplesOf = (command: Command.Class, name: string): ReadonlyArray<string> =>
  (command.examples ?? []).map((example) => {
    const line = typeof example === "string" ? example : example.command
    const shown = line
      .replaceAll("<%= config.bin %>", "store")
      .replaceAll("<%= command.id %>", name)
    const begin = `store ${name}`
    expect(shown.startsWith(begin), `${shown} begins with ${begin}`).toBe(true)
    return shown.slice(begin.length).trim()
  })

const wordsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "")

test("store lists its commands in no time", async () => {
  const { code, stderr, stdout } = await runStore(["--help"])
  expect(code).toBe(0)
  expect(stderr).toBe("")
  for (const name of names) expect(stdout).toContain(name.split(" ")[0])
})

describe.each(names)("store %s", (name) => {
  let command: Command.Class
  beforeAll(async () => {
    command = await load(name)
  })

  test("--help names every flag and every argument, and shows examples", async () => {
    const { code, stderr, stdout } = await runStore([...name.split(" "), "--help"])
    expect(code).toBe(0)
    expect(stderr).toBe("")
    const flat = stdout.replaceAll(/\s+/g, " ")
    expect(stdout.split("\n", 1)[0]).toBe(command.summary)
    for (const flag of Object.keys(command.flags ?? {})) expect(stdout).toContain(`--${flag}`)
    for (const flag of ["--json", "--config", "--data-dir", "--database-url"]) {
      expect(stdout).toContain(flag)
    }
    for (const argument of Object.keys(command.args ?? {})) {
      expect(stdout).toContain(argument.toUpperCase())
    }
    const examples = examplesOf(command, name)
    expect(examples.length).toBeGreaterThan(0)
    expect(flat).toContain(`$ store ${name}`)
  })

  test("every flag says what it does", () => {
    for (const [flag, { description = "", summary = "" }] of Object.entries(command.flags ?? {})) {
      expect(description + summary, `--${flag}`).toMatch(/^[A-Z].*\.$/s)
    }
  })

  test("every example is a command line that it takes", async () => {
    for (const line of examplesOf(command, name)) {
      const input = {
        args: command.args,
        flags: { ...command.baseFlags, ...command.flags },
        strict: command.strict
      }
      await expect(Parser.parse([...wordsOf(line)], input), line).resolves.toBeDefined()
    }
  })
})
