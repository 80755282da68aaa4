import type { Database } from "@doorbuster/adapters/postgres/Database"

/** Rows of each table as lines, sorted. */
export type Contents = Readonly<Record<string, ReadonlyArray<string>>>

/** One of the two servers that a history runs on, with a connection for each client. */
export interface Side {
  readonly databases: ReadonlyArray<Database>
  /** Told before a client sends something. */
  readonly turn: (client: number) => void
  /** Which of these clients wait for a row's lock, and will until another one goes on. */
  readonly waiting: (clients: ReadonlyArray<number>) => Promise<ReadonlySet<number>>
  /** Lets time pass until something may have changed. */
  readonly pause: () => Promise<void>
  readonly contents: () => Promise<Contents>
}
