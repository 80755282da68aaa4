import type { SqlError } from "./SqlError.ts"

/** What becomes of one round trip between a store process and the server. */
export type Fate =
  /** Nothing was sent: the server cannot be reached. */
  | { readonly _tag: "Refused" }
  /** The process dies here: before the request was sent, or with the request on the wire. */
  | { readonly _tag: "Dies"; readonly isSent: boolean }
  | {
      readonly _tag: "Sent"
      /**
       * Milliseconds until the server has the request, which it runs whatever becomes of the
       * sender. Null: the sender itself hands it over, and nobody comes between.
       */
      readonly requestMs: number | null
      /** Milliseconds between two statements of one flight. */
      readonly betweenMs: number
      readonly replyMs: number
      /** The connection breaks after the server has done what it was asked. */
      readonly replyLost: boolean
      /** The server aborts the transaction instead of running the first statement. */
      readonly abort: SqlError | null
    }

/** What is on the wire, for whoever decides its fate. */
export interface Exchange {
  readonly operation: string
  readonly statements: ReadonlyArray<string>
  /** The transaction ends with it. */
  readonly commits: boolean
}

/** A process's way to the server. */
export interface Link {
  readonly fate: (exchange: Exchange) => Fate
}

const direct = {
  _tag: "Sent",
  requestMs: null,
  betweenMs: 0,
  replyMs: 0,
  replyLost: false,
  abort: null
} satisfies Fate

/** A request that outlives its sender. */
export const deathbed: Extract<Fate, { readonly _tag: "Sent" }> = { ...direct, replyLost: true }

/** A wire without length on which nothing is ever lost. */
export const directLink: Link = { fate: () => direct }
