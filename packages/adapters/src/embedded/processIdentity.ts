import { readFileSync } from "node:fs"

/** State letter and start time (clock ticks since boot) of a process, where /proc tells. */
const procStat = (pid: number): { readonly state: string; readonly started: string } | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The name in parentheses may itself contain blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return { state: fields[0] ?? "", started: fields[19] ?? "" }
  } catch {
    return null
  }
}

/** When the process began, or null on systems without /proc. Tells a recycled pid from the old. */
export const processStart = (pid: number): string | null => procStat(pid)?.started ?? null

/** Whether the very process that once had this pid and start still runs. A zombie does not. */
export const isAlive = (pid: number, started: string | null): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  const stat = procStat(pid)
  if (stat === null) return true
  return stat.state !== "Z" && (started === null || stat.started === started)
}
