import type { Sku } from "../catalog/Sku.ts"
import type { Short } from "../edge/demand.ts"
import { SoldOut } from "./errors.ts"

/**
 * The refusal of a rush, made thousands of times a second. Nobody reads where it was made, and
 * writing that down costs several times as much as all the rest of it.
 */
export const soldOut = ({ available, key, requested }: Short): SoldOut => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return new SoldOut({ sku: key as string as Sku, requested, available })
  } finally {
    Error.stackTraceLimit = limit
  }
}
