import { readFileSync } from "node:fs"

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const ticksPerSecond = 100
/** Of the fields behind the name in brackets: time in the program, time in the kernel. */
const [userField, systemField] = [11, 12]

/** Processor time that a process has used; null where the system does not tell it by /proc. */
export const cpuSeconds = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return (Number(fields[userField]) + Number(fields[systemField])) / ticksPerSecond
  } catch {
    return null
  }
}
