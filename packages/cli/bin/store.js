#!/usr/bin/env node
// Plain JavaScript, parsed by whatever Node the caller has: it finds a Node that can run the rest.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { constants } from "node:os"

const NODE_MAJOR_MIN = 24
const LAUNCHER = "STORE_LAUNCHER_PID"
const FORWARDED = ["SIGTERM", "SIGHUP", "SIGUSR2"]

const major = (version) => Number(version.split(".")[0])

/** Packages that carry a Node: the workspace's own, and those an installed store comes with. */
const carriers = [
  "node/bin/node",
  `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}/bin/node`,
  `node-bin-${process.platform}-${process.arch}/bin/node`
]

const findNode = () => {
  const require = createRequire(import.meta.url)
  for (const carrier of carriers) {
    for (const name of [carrier, `${carrier}.exe`]) {
      try {
        const path = require.resolve(name)
        if (existsSync(path)) return path
      } catch {
        // Not installed: the next one may be.
      }
    }
  }
  return undefined
}

const refuse = () => {
  process.stderr.write(
    `store needs Node ${NODE_MAJOR_MIN} or newer, this is ${process.version}.\n` +
      "In a clone run `npm ci`, which brings its own Node; elsewhere install one from nodejs.org.\n"
  )
  process.exit(6)
}

/** Runs the same command line under another Node, and ends as it ends. */
const relaunch = (node) => {
  // The channel carries no message. Its end tells the child that this process is gone, however it
  // went: a store whose launcher was killed must not sell on unseen.
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [LAUNCHER]: String(process.pid) }
  })
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  // Ctrl-C reaches both processes of a terminal's foreground group by itself.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT")
  })
  child.on("error", (error) => {
    process.stderr.write(`store could not start ${node}: ${error.message}\n`)
    process.exit(6)
  })
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0))
  })
}

/** In the relaunched process: goes when the launcher goes. */
const followLauncher = () => {
  delete process.env[LAUNCHER]
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"))
  process.channel?.unref()
}

/**
 * `store --help | head -1`: the reader may leave, the work and its exit code stay. What cannot be
 * written for another reason (a full disk) is a failure.
 */
const outliveReaders = () => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return
      if (stream === process.stdout) {
        process.stderr.write(`error: the output cannot be written: ${error.message}\n`)
      }
      process.exit(1)
    })
  }
}

/** Node 24 remarks on each run that it strips types: no news to somebody who sells things. */
const silenceTypeStripping = () => {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (String(warning?.message ?? warning).startsWith("Type Stripping")) return
    emitWarning.call(process, warning, ...rest)
  }
}

const main = async () => {
  if (process.env[LAUNCHER] !== undefined && process.connected) followLauncher()
  outliveReaders()
  silenceTypeStripping()
  const { execute, settings } = await import("@oclif/core")
  // Node strips the types of a clone's sources by itself; a packed store has none.
  settings.enableAutoTranspile = false
  await execute({ dir: import.meta.url, development: false })
}

// Not awaited here: where the reader of stdout has left, oclif's last flush never settles.
if (major(process.versions.node) >= NODE_MAJOR_MIN) void main()
else {
  const node = process.env[LAUNCHER] === undefined ? findNode() : undefined
  if (node === undefined) refuse()
  else relaunch(node)
}
