/** What the worker thread is told when it starts. */
export interface WorkerInput {
  /**
   * `create`: make a new database in `pgdata` and end. `serve`: open it and answer on `socket`
   * until told to stop. They are two threads because making one takes 500 MB that only the end of
   * a thread gives back.
   */
  readonly task: "create" | "serve"
  readonly pgdata: string
  /** Path of the unix socket. */
  readonly socket: string
  readonly idleInTransactionMsMax: number
}

/** From the worker; it ends by itself after `created` and `failed`. */
export type WorkerReport =
  | { readonly kind: "created" }
  | { readonly kind: "listening" }
  | { readonly kind: "failed"; readonly detail: string }
  | { readonly kind: "chore_failed"; readonly detail: string }

/** To the worker: finish, roll back what is open, close the database, end the thread. */
export const stop = "stop"
