import * as Schema from "effect/Schema"

/** Something in a flag, a variable or the configuration file cannot be meant. */
export class ConfigurationInvalid extends Schema.TaggedError<ConfigurationInvalid>()(
  "ConfigurationInvalid",
  { origin: Schema.String, problem: Schema.String }
) {
  override get message() {
    return `${this.origin} ${this.problem}`
  }
}
