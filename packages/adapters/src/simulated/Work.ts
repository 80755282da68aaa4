import type { Holder, Slot } from "./Table.ts"

/** One transaction on the simulated server: the locks it holds and what it has written. */
export class Work implements Holder {
  /** The server's time when it began, epoch milliseconds: what `now()` says all through it. */
  readonly now: number
  readonly locked: Set<Slot> = new Set()
  readonly written: Set<Slot> = new Set()
  waitingFor: Slot | null = null
  writing: Slot | null = null
  state: "open" | "failed" | "committed" | "aborted" = "open"

  constructor(now: number) {
    this.now = now
  }
}

/** Whether `work` waits, through others, for itself. */
export const isDeadlocked = (work: Work): boolean => {
  const seen = new Set<Holder>()
  let next = work.waitingFor?.holder ?? null
  while (next !== null && !seen.has(next)) {
    if (next === work) return true
    seen.add(next)
    next = next.waitingFor?.holder ?? null
  }
  return false
}
