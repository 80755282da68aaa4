/** Recognises requests that the fast lane may refuse. What it does not know is not for it. */
import { isUtf8 } from "node:buffer"
import type { IncomingHttpHeaders } from "node:http"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { demandOf } from "@doorbuster/core/edge/demand"
import type { GateLine } from "@doorbuster/core/edge/Gate"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CheckoutBody } from "../wire/CheckoutBody.ts"
import { isPlainOrder } from "./plainOrder.ts"

const bytesMax = 16_384

const mediaType = /^application\/json(; ?charset=utf-8)?$/i
const digits = /^\d{1,5}$/
const keyPattern = /^[!-~]{1,255}$/
const bearer = /^Bearer ([!-~]+)$/

export interface Head {
  readonly token: string
  readonly key: string
  /** Of the body, bytes. */
  readonly length: number
}

/** What the headers say, where they are what they nearly always are. */
export const headOf = (headers: IncomingHttpHeaders): Head | undefined => {
  if (headers["content-encoding"] !== undefined) return undefined
  if (headers["transfer-encoding"] !== undefined) return undefined
  if (!mediaType.test(headers["content-type"] ?? "")) return undefined
  const stated = headers["content-length"] ?? ""
  const length = digits.test(stated) ? Number(stated) : 0
  if (length === 0 || length > bytesMax) return undefined
  const key = headers["idempotency-key"]
  if (typeof key !== "string" || !keyPattern.test(key)) return undefined
  const token = bearer.exec(headers.authorization ?? "")?.[1]
  return token === undefined ? undefined : { token, key, length }
}

const parsed = (body: Buffer): unknown => {
  if (!isUtf8(body)) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

const isLine = (line: unknown): line is { readonly sku: Sku; readonly quantity: number } => {
  if (typeof line !== "object" || line === null) return false
  const { quantity, sku } = line as { readonly quantity?: unknown; readonly sku?: unknown }
  return typeof sku === "string" && Number.isSafeInteger(quantity)
}

export interface Wish {
  /** As it was sent. */
  readonly body: unknown
  readonly demand: ReadonlyArray<GateLine>
}

/** What the body wants, as far as can be seen at a glance. */
export const wishOf = (bytes: Buffer): Wish | undefined => {
  const body = parsed(bytes) as { readonly lines?: unknown } | null | undefined
  const lines: unknown = body?.lines
  if (!Array.isArray(lines) || !lines.every(isLine)) return undefined
  return { body, demand: demandOf(lines) }
}

const decode = Schema.decodeUnknownOption(Schema.toCodecJson(CheckoutBody), {
  onExcessProperty: "error"
})

/** Only staff may send these, and staff are not for the fast lane. */
const isForStaff = ({ account, lines }: CheckoutBody): boolean =>
  account !== undefined ||
  (lines ?? []).some(
    ({ occurred_at, price_override }) => occurred_at !== undefined || price_override !== undefined
  )

/** The body is a guest's order in every part. */
export const isOrder = ({ body }: Wish): boolean =>
  isPlainOrder(body) ||
  Option.exists(decode(body), (order) => order.lines !== undefined && !isForStaff(order))
