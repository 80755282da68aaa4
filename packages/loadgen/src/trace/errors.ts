import * as Schema from "effect/Schema"

/** The file holds something that no shop's books can. The line counts from 1, header included. */
export class TraceInvalid extends Schema.TaggedError<TraceInvalid>()("TraceInvalid", {
  file: Schema.String,
  line: Schema.Int,
  detail: Schema.String
}) {
  override get message() {
    return `${this.file}, line ${this.line}: ${this.detail}`
  }
}

/** The file is not there, or is not what its name says. */
export class TraceUnreadable extends Schema.TaggedError<TraceUnreadable>()("TraceUnreadable", {
  file: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `${this.file} cannot be read: ${this.detail}`
  }
}

export type TraceError = TraceInvalid | TraceUnreadable

export const isTraceError = (cause: unknown): cause is TraceError =>
  cause instanceof TraceInvalid || cause instanceof TraceUnreadable
