import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../../bin/store.js", import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Nothing of the machine's own settings reaches the store under test. */
const cleanEnvironment = (env: Readonly<Record<string, string>>) => ({
  PATH: process.env["PATH"],
  HOME: "/nowhere",
  ...env
})

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Starts `store` as a shell would. */
export const startStore = (
  args: ReadonlyArray<string>,
  { cwd = tmpdir(), env = {} }: RunOptions = {}
): ChildProcess =>
  spawn(process.execPath, [bin, ...args], {
    cwd,
    env: cleanEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"]
  })

/** What it says and how it ends. */
export const outcomeOf = async (child: ChildProcess): Promise<Outcome> => {
  let stdout = ""
  let stderr = ""
  child.stdout?.on("data", (chunk) => {
    stdout += chunk
  })
  child.stderr?.on("data", (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, "close")
  return { code, stdout, stderr }
}

export const runStore = (args: ReadonlyArray<string>, options?: RunOptions): Promise<Outcome> =>
  outcomeOf(startStore(args, options))

/** With `--json`: the one document on stdout. */
export const runJson = async (args: ReadonlyArray<string>, options?: RunOptions) => {
  const { code, stderr, stdout } = await runStore([...args, "--json"], options)
  // biome-ignore lint/suspicious/noExplicitAny: each test states the shape that it expects
  return { code, stderr, json: JSON.parse(stdout) as any }
}
