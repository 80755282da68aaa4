import * as Redacted from "effect/Redacted"
import { Api } from "./Api.ts"
import { FetchHttpClient, HttpApiClient, HttpClient, HttpClientRequest } from "./effectHttp.ts"

/** How a client reaches the network; give it to whatever uses `storeClient`. */
export const layerFetch = FetchHttpClient.layer

/**
 * The store as seen from outside, typed by the same value that serves it. Refusals arrive as the
 * store's own error classes.
 */
export const storeClient = (options: {
  /** Such as "http://127.0.0.1:3000". */
  readonly url: string
  readonly token?: Redacted.Redacted
}) =>
  HttpApiClient.make(Api, {
    baseUrl: options.url,
    transformClient: HttpClient.mapRequest((request) =>
      options.token === undefined
        ? request
        : HttpClientRequest.bearerToken(request, Redacted.value(options.token))
    )
  })
