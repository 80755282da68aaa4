import type { StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import { HttpServerResponse } from "../effectHttp.ts"

/** An answer as it was stored, byte for byte; a repetition says that it is one. */
export const storedResponse = (
  { body, status }: StoredAnswer,
  replayed: boolean,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(body, {
    status,
    contentType: "application/json",
    headers: replayed ? { ...headers, "idempotent-replayed": "true" } : headers
  })
