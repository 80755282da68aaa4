/** What can be wrong with a connection before there is a request. */
import * as Schema from "effect/Schema"

export class MalformedRequest extends Schema.TaggedError<MalformedRequest>()(
  "MalformedRequest",
  {},
  { httpApiStatus: 400 }
) {
  override get message() {
    return "this is no HTTP/1.1 request"
  }
}

/** The request did not come to its end in time. */
export class RequestTimeout extends Schema.TaggedError<RequestTimeout>()(
  "RequestTimeout",
  {},
  { httpApiStatus: 408 }
) {
  override get message() {
    return "the request did not arrive as a whole in time; nothing was done"
  }
}

export class HeadersTooLarge extends Schema.TaggedError<HeadersTooLarge>()(
  "HeadersTooLarge",
  {},
  { httpApiStatus: 431 }
) {
  override get message() {
    return "the request's headers are too large"
  }
}
