import type { Operation } from "../../src/history/Operation.ts"
import { effectOf, type Units } from "../../src/history/StockModel.ts"

/** What an operation makes of the stock, or undefined where its answer does not fit. */
const after = (operation: Operation, units: Units): Units | undefined => {
  const { ok, op, qty, unknown, val } = operation
  const [available, reserved, sold] = units
  if (op === "read") return unknown || val === null || val === available ? units : undefined
  const effect = effectOf({ op, qty })
  const next = [available + effect[0], reserved + effect[1], sold + effect[2]] as const
  const canBe = next.every((count) => count >= 0)
  if (ok || unknown) return canBe ? next : undefined
  return canBe ? undefined : units
}

/** Tries every order and every choice of unknown ones: the definition, spelled out. */
export const bruteForce = (left: ReadonlyArray<Operation>, units: Units = [0, 0, 0]): boolean => {
  if (left.every(({ unknown }) => unknown)) return true
  return left.some((operation, index) => {
    const isBlocked = left.some(
      ({ retNs, unknown }) => !unknown && retNs !== null && retNs < operation.callNs
    )
    if (isBlocked) return false
    const next = after(operation, units)
    return next !== undefined && bruteForce(left.toSpliced(index, 1), next)
  })
}
