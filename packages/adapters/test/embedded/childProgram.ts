import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface ChildProgram {
  readonly process: ChildProcess
  /** What it has printed so far. */
  readonly lines: Array<string>
  /** Settles when it has printed a line that matches; rejects when it ends before. */
  line(pattern: RegExp): Promise<string>
  kill(): Promise<void>
}

/** Runs `programs/<name>.ts` as a process of its own. */
export const childProgram = (name: string, ...args: ReadonlyArray<string>): ChildProgram => {
  const file = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  const lines: Array<string> = []
  const reader = createInterface(child.stdout)
  reader.on("line", (line) => lines.push(line))
  const closed = Promise.all([once(child, "exit"), once(reader, "close")])
  return {
    process: child,
    lines,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string) => {
          if (pattern.test(line)) resolve(line)
        }
        lines.forEach(look)
        reader.on("line", look)
        closed.then(() => reject(new Error(`${name} ended before it printed ${pattern}`)))
      }),
    kill: async () => {
      child.kill("SIGKILL")
      await closed
    }
  }
}
