import * as Schema from "effect/Schema"

/** A layer of the user's own could not be built. */
export class PluginFailed extends Schema.TaggedError<PluginFailed>()("PluginFailed", {
  file: Schema.String,
  port: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `${this.file}: ports.${this.port} could not be built: ${this.detail}`
  }
}
