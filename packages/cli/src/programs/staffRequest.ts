import { hash } from "node:crypto"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { Told } from "@doorbuster/core/saga/SagaContext"

/** Whoever works for the shop; keys of the HTTP API's staff have the same scope. */
export const staff = "staff" as AccountId

/**
 * The digest that the HTTP API takes of the same request, so that a key means the same thing
 * whichever way it comes. The body's keys have to be in alphabetical order.
 */
export const fingerprintOf = (path: string, body: unknown): string =>
  hash("sha256", `POST ${path}\n${JSON.stringify(body)}`)

/** A saga's answer: its body, and whether it was given before under the same key. */
export const toldJson = (
  { answer, replayed }: Told,
  key: string
): Readonly<Record<string, unknown>> => ({
  ...(JSON.parse(answer.body) as Readonly<Record<string, unknown>>),
  key,
  replayed
})
