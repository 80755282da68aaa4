import type { Row } from "../postgres/rows.ts"
import type { Handler } from "./Execution.ts"
import { Execution, type Wait } from "./Execution.ts"
import { deadlockDetected, lockTimeout, type SqlError } from "./SqlError.ts"
import type { Slot, Table, Waiter } from "./Table.ts"
import { isDeadlocked, Work } from "./Work.ts"

export interface ServerOptions {
  /** The server's own clock, epoch milliseconds. */
  readonly now: () => number
  /** Runs the task after so many milliseconds; answers how to call it off. */
  readonly after: (ms: number, task: () => void) => () => void
  /** How long a transaction waits before it looks for a deadlock (Postgres: `deadlock_timeout`). */
  readonly deadlockMs?: number
  /** How long a statement waits for a row; null is for ever (Postgres: `lock_timeout`). */
  readonly lockTimeoutMs?: () => number | null
}

/** What a statement came to; to be called once, at once or when its waiting is over. */
export type Answer = (error: unknown, rows: ReadonlyArray<Row>) => void

/**
 * A Postgres server as far as the store can tell: named prepared statements, transactions under
 * READ COMMITTED with row locks, snapshots per statement, unique constraints, deadlocks, lock
 * time-outs. It has no event loop of its own: a statement runs in one go up to the first row that
 * somebody else holds, and goes on when that one's transaction has ended.
 */
export class SimulatedServer {
  readonly #handlers: ReadonlyMap<string, Handler>
  readonly #options: ServerOptions
  #seq = 0
  /** Statements that wait: their snapshots keep old versions alive. */
  readonly #waiting = new Set<Execution>()
  /** Told of every commit, with what was written. */
  onCommit: ((written: ReadonlySet<Slot>) => void) | null = null

  constructor(handlers: ReadonlyMap<string, Handler>, options: ServerOptions) {
    this.#handlers = handlers
    this.#options = options
  }

  get seq(): number {
    return this.#seq
  }

  begin(): Work {
    return new Work(this.#options.now())
  }

  /**
   * Runs a statement in the transaction. An error leaves the transaction failed: nothing but
   * `rollback` is possible then. Answers how to break the statement off while it waits, as the
   * server does when it learns that the client is gone.
   */
  run(work: Work, name: string, parameters: ReadonlyArray<unknown>, answer: Answer): () => void {
    const handler = this.#handlers.get(name)
    if (handler === undefined) throw new TypeError(`the statement ${name} is not simulated`)
    const on = new Execution(work, this)
    const fail = (error: unknown) => {
      work.state = "failed"
      answer(error, [])
    }
    let started: ReturnType<Handler>
    try {
      started = handler(on, parameters)
    } catch (error) {
      fail(error)
      return noBreak
    }
    if (Array.isArray(started)) {
      answer(null, started)
      return noBreak
    }
    const doing = started as Generator<Wait, ReadonlyArray<Row>, void>
    let breakOff: (error: SqlError | null) => void = () => undefined
    const go = (step: () => IteratorResult<Wait, ReadonlyArray<Row>>): void => {
      let result: IteratorResult<Wait, ReadonlyArray<Row>>
      try {
        result = step()
      } catch (error) {
        fail(error)
        return
      }
      if (result.done === true) {
        answer(null, result.value)
        return
      }
      breakOff = this.#wait(on, result.value, (error) =>
        go(error === null ? () => doing.next() : () => doing.throw(error))
      )
    }
    go(() => doing.next())
    return () => breakOff(null)
  }

  /** `then` is called once, with the error that ends the waiting or null. */
  #wait(
    on: Execution,
    { isFirst, slot, takes }: Wait,
    then: (error: SqlError | null) => void
  ): (error: SqlError | null) => void {
    const { work } = on
    const calls: Array<() => void> = []
    const over = (): void => {
      for (const call of calls) call()
      work.waitingFor = null
      this.#waiting.delete(on)
    }
    const waiter: Waiter = {
      work,
      takes,
      wake: () => {
        over()
        then(null)
      }
    }
    const giveUp = (error: SqlError | null): void => {
      const at = slot.waiters.indexOf(waiter)
      if (at < 0) return
      slot.waiters.splice(at, 1)
      over()
      if (error !== null) then(error)
    }
    if (isFirst) slot.waiters.unshift(waiter)
    else slot.waiters.push(waiter)
    work.waitingFor = slot
    this.#waiting.add(on)
    const { after, deadlockMs = 1000, lockTimeoutMs } = this.#options
    const check = () => {
      if (isDeadlocked(work)) giveUp(deadlockDetected())
    }
    calls.push(after(deadlockMs, check))
    const limit = lockTimeoutMs?.() ?? null
    if (limit !== null) calls.push(after(limit, () => giveUp(lockTimeout())))
    return giveUp
  }

  commit(work: Work): boolean {
    if (work.state === "failed") {
      this.rollback(work)
      return false
    }
    if (work.state !== "open") return false
    work.state = "committed"
    if (work.written.size > 0) {
      this.#seq += 1
      for (const slot of work.written) this.#install(slot)
      this.onCommit?.(work.written)
    }
    this.#release(work)
    return true
  }

  rollback(work: Work): void {
    if (work.state === "committed" || work.state === "aborted") return
    work.state = "aborted"
    for (const slot of work.written) slot.pending = undefined
    this.#release(work)
  }

  #install(slot: Slot): void {
    const { pending } = slot
    if (pending === undefined) return
    slot.pending = undefined
    // Without a statement that waits, nobody can see what was before.
    if (this.#waiting.size === 0) slot.versions.length = 0
    slot.versions.push({ seq: this.#seq, row: pending })
    if (pending === null && this.#waiting.size === 0 && slot.waiters.length === 0) {
      ;(slot.table as Table).slots.delete(slot.key)
    }
  }

  /**
   * Wakes those who wait for the work's rows. No lock is handed over: whoever comes to a free row
   * takes it, also past those who have waited for it, as on a real server. Of those who want the
   * lock only one is woken, unless it has no use for it.
   */
  #release(work: Work): void {
    const freed = [...work.locked].filter((slot) => slot.holder === work)
    for (const slot of freed) slot.holder = null
    work.locked.clear()
    for (const slot of freed) {
      for (const waiter of [...slot.waiters]) {
        const at = slot.waiters.indexOf(waiter)
        if (at < 0 || (waiter.takes && slot.holder !== null)) continue
        slot.waiters.splice(at, 1)
        waiter.wake()
      }
    }
  }
}

const noBreak = (): void => undefined
