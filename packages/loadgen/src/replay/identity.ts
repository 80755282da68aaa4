/** The names under which a store remembers what was replayed: the same from whichever side. */
import { createHash } from "node:crypto"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { namedUuid, type Uuid } from "@doorbuster/core/Uuid"
import type { Journal, Refund, Sale, StockMove } from "./Operation.ts"

/** Whoever works for the shop. */
export const staff = "staff" as AccountId

export const saleKey = ({ ref }: Sale): string => `replay:${ref}`
export const refundKey = ({ orderRef, ref }: Refund): string => `replay:${ref}:${orderRef}`

const named = (kind: string, key: string): Uuid => namedUuid(`${kind} ${staff} ${key}`)

export const movementId = ({ key }: StockMove): Uuid => named("movement", key)
export const entryId = ({ key }: Journal): string => `adjustment:${named("entry", key)}`

/** What staff would send; members in the order of their names, so that its text is canonical. */
export const refundBody = ({ amount, at, restock }: Refund) => ({
  amount: Number(amount),
  occurred_at: new Date(at).toISOString(),
  restock: restock.map(({ quantity, sku }) => ({ quantity, sku }))
})

const digest = (text: string): string => createHash("sha256").update(text).digest("hex")

/** As the HTTP API computes it, so that a replay may go on by the other way. */
export const refundFingerprint = (refund: Refund, orderId: OrderId): string =>
  digest(`POST /ops/orders/${orderId}/refund\n${JSON.stringify(refundBody(refund))}`)

export const saleFingerprint = (sale: Sale): string => digest(JSON.stringify(sale))
