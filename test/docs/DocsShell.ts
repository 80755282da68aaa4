import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import type { Block } from "./Page.ts"
import { root } from "./Page.ts"

/** What a block said on stdout; one that runs in the background, also on stderr. */
export interface Ran {
  readonly block: Block
  readonly said: string
}

export interface Run {
  /** Blocks that were run to their end; the last one of the page where none failed. */
  readonly ran: ReadonlyArray<Ran>
  readonly stderr: string
}

/** The address that the pages use. */
const address = "127.0.0.1:3000"

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const found = server.address()
  server.close()
  await once(server, "close")
  return typeof found === "object" && found !== null ? found.port : 0
}

const begin = (index: number) => `@@ begin ${index}`
const end = (index: number) => `@@ end ${index}`

/** A server, in the background until the page ends: it is ready when it says where it listens. */
const background = (commands: string, index: number): string => `
: >"$HOME/log.${index}"
( exec ${commands} ) >"$HOME/log.${index}" 2>&1 &
running="$running $!"
until grep -q "listening on" "$HOME/log.${index}" || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
cat "$HOME/log.${index}"
grep -q "listening on" "$HOME/log.${index}" || { cat "$HOME/log.${index}" >&2; exit 1; }`

const scriptOf = (blocks: ReadonlyArray<Block>): string => {
  const parts = blocks.map(({ commands, keepsRunning }, index) =>
    [
      `printf '\\n%s\\n' '${begin(index)}'`,
      keepsRunning ? background(commands, index) : commands,
      `printf '\\n%s\\n' '${end(index)}'`
    ].join("\n")
  )
  const stop = 'for pid in $running; do kill "$pid" 2>/dev/null && wait "$pid"; done; true'
  return ["set -e", 'running=""', `trap '${stop}' EXIT`, ...parts].join("\n")
}

const between = (text: string, from: string, to: string): string | undefined => {
  const start = text.indexOf(`${from}\n`)
  const stop = text.indexOf(`\n${to}\n`, start)
  return start < 0 || stop < 0 ? undefined : text.slice(start + from.length + 1, stop)
}

const isOnPath = (name: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)))

/** One machine for all pages: a home, a store in it, and a free port in the place of 3000. */
export class DocsShell {
  readonly #home = mkdtempSync(join(tmpdir(), "doorbuster-docs-"))
  readonly #bin = join(this.#home, "bin")

  constructor() {
    mkdirSync(this.#bin)
    this.#provide("store", join(root, "packages/cli/bin/store.js"))
    if (!isOnPath("curl")) this.#provide("curl", join(root, "test/docs/curl.mjs"))
  }

  #provide(name: string, script: string): void {
    const path = join(this.#bin, name)
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`)
    chmodSync(path, 0o755)
  }

  /** Runs blocks one after the other in a shell of their own, in the root of the repository. */
  async run(blocks: ReadonlyArray<Block>): Promise<Run> {
    const port = await freePort()
    const local = `127.0.0.1:${port}`
    const child = spawn("sh", ["-c", scriptOf(blocks).replaceAll(address, local)], {
      cwd: root,
      env: {
        PATH: [this.#bin, process.env["PATH"]].join(delimiter),
        HOME: this.#home,
        TMPDIR: this.#home,
        STORE_DATA_DIR: join(this.#home, "store"),
        STORE_PORT: String(port)
      },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (chunk) => {
      stdout += chunk
    })
    child.stderr.on("data", (chunk) => {
      stderr += chunk
    })
    await once(child, "close")
    const ran = blocks.flatMap((block, index) => {
      const said = between(stdout, begin(index), end(index))
      return said === undefined ? [] : [{ block, said: said.replaceAll(local, address) }]
    })
    return { ran, stderr }
  }

  /** The document that one command prints. */
  async json(commands: string) {
    const { ran, stderr } = await this.run([
      { line: 0, commands, keepsRunning: false, shown: null }
    ])
    if (ran[0] === undefined) throw new Error(`${commands}: ${stderr}`)
    // biome-ignore lint/suspicious/noExplicitAny: each test states the shape that it expects
    return JSON.parse(ran[0].said) as any
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 3 })
  }
}
