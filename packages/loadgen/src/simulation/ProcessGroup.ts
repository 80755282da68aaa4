import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"

/** What a group needs to know of the scheduler that it belongs to. */
export interface TaskQueue {
  enqueue(task: () => void, group: ProcessGroup): void
  /** Whether chance wants the fiber that runs to let others go first. */
  preempts(): boolean
  groupKilled(): void
}

/**
 * The fibers of one simulated process. A group is an Effect `Scheduler`: whatever runs under it,
 * and every fiber forked there, belongs to the process and can be paused or killed with it.
 *
 * A fiber may be resumed without a scheduler, from within the fiber that completed its deferred.
 * The runtime asks `shouldYield` before the first operation of such a fiber, and a group that does
 * not run answers yes: the fiber comes back as a task, which is held or dropped here.
 *
 * What two processes share (a network, a database) has to be made and run under the world's group,
 * from asking to answering: a killed process keeps its place among those who wait for a semaphore
 * and never takes its turn, and the wake-ups that Effect schedules in its name (whoever made the
 * queue, whoever released the semaphore) are lost with it.
 */
export class ProcessGroup implements Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "async"
  readonly name: string
  readonly #queue: TaskQueue
  #state: "running" | "paused" | "killed" = "running"
  #held: Array<() => void> = []

  constructor(name: string, queue: TaskQueue) {
    this.name = name
    this.#queue = queue
  }

  get state(): "running" | "paused" | "killed" {
    return this.#state
  }

  /**
   * Starts a fiber of this process. It is detached, because a killed fiber never ends: whoever
   * awaits or interrupts one waits forever.
   */
  fork<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Fiber.Fiber<A, E>, never, R> {
    return Effect.forkDetach(this.run(effect))
  }

  /** Runs this effect as a part of the process, within the fiber that asks for it. */
  run<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.provideService(effect, Scheduler.Scheduler, this)
  }

  /** From its next operation on, nothing of the process runs; timers fall due and wait. */
  pause(): void {
    if (this.#state === "running") this.#state = "paused"
  }

  resume(): void {
    if (this.#state !== "paused") return
    this.#state = "running"
    const held = this.#held
    this.#held = []
    for (const task of held) this.#queue.enqueue(task, this)
  }

  /** As if by SIGKILL: no operation and no finalizer of the process runs any more. */
  kill(): void {
    if (this.#state === "killed") return
    this.#state = "killed"
    this.#held = []
    this.#queue.groupKilled()
  }

  /** Runs a task that was chosen, or puts it where the state of the group wants it. */
  admit(task: () => void): boolean {
    if (this.#state === "running") {
      task()
      return true
    }
    if (this.#state === "paused") this.#held.push(task)
    return false
  }

  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return (
      this.#state !== "running" ||
      fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield ||
      this.#queue.preempts()
    )
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  scheduleTask(task: () => void): void {
    if (this.#state !== "killed") this.#queue.enqueue(task, this)
  }

  flush(): void {
    throw new Error("tasks of a simulation run one by one, as the seed wants it")
  }
}
