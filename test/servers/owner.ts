import { execFileSync } from "node:child_process"

const idOf = (user: string) => {
  const ask = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }))
  try {
    return { uid: ask("-u"), gid: ask("-g") }
  } catch {
    return undefined
  }
}

/** Who runs the servers: Postgres refuses to be root. Undefined: whoever runs the tests. */
export const owner = process.getuid?.() === 0 ? (idOf("postgres") ?? idOf("nobody")) : undefined
