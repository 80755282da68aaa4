/** The requests of `store bench http`. */
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { FloodRequest } from "./flood.ts"
import { currency, orderTotal, postage } from "./shelf.ts"

export const checkoutRequest = (sku: Sku, token: string, key: string): FloodRequest => ({
  method: "POST",
  path: "/checkout",
  headers: {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "idempotency-key": key
  },
  body: JSON.stringify({
    currency,
    lines: [{ sku, quantity: 1 }],
    shipping_method: postage,
    expected_total: Number(orderTotal)
  })
})

export const productRequest = (sku: Sku): FloodRequest => ({
  method: "GET",
  path: `/products/${sku}`,
  headers: {}
})
