import * as Schema from "effect/Schema"

/** A line that is no operation, or contradicts another one. Lines count from 1. */
export class HistoryInvalid extends Schema.TaggedError<HistoryInvalid>()("HistoryInvalid", {
  file: Schema.String,
  line: Schema.Int,
  /** The member of the object that is wrong; null where the line is none. */
  field: Schema.NullOr(Schema.String),
  reason: Schema.String
}) {
  override get message() {
    const field = this.field === null ? "" : `${this.field}: `
    return `${this.file}, line ${this.line}: ${field}${this.reason}`
  }
}

export class HistoryUnreadable extends Schema.TaggedError<HistoryUnreadable>()(
  "HistoryUnreadable",
  { file: Schema.String, detail: Schema.String }
) {
  override get message() {
    return `${this.file} cannot be read: ${this.detail}`
  }
}

export class HistoryUnwritable extends Schema.TaggedError<HistoryUnwritable>()(
  "HistoryUnwritable",
  { file: Schema.String, detail: Schema.String }
) {
  override get message() {
    return `${this.file} cannot be written: ${this.detail}`
  }
}
