import * as Schema from "effect/Schema"

/** No ticket of this id, or not this account's. Maps to HTTP 404. */
export class UnknownTicket extends Schema.TaggedError<UnknownTicket>()(
  "UnknownTicket",
  { ticket: Schema.String },
  { httpApiStatus: 404 }
) {
  override get message() {
    return `there is no ticket ${this.ticket}; send the checkout again with the same key`
  }
}
