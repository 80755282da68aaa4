import { minor } from "@doorbuster/core/money/Minor"
import { misreckoned } from "@doorbuster/core/pricing/misreckoned"
import type { TraceStep } from "@doorbuster/core/pricing/Quote"
import fc from "fast-check"
import { assert, describe, test } from "vitest"
import { order } from "./anyOrder.ts"
import { quoted } from "./orders.ts"

type Promotion = Extract<TraceStep, { readonly rule: "promotion" }>

const tenPercent = (before: bigint, output: ReadonlyArray<bigint>): Promotion => ({
  rule: "promotion",
  promotionId: "ten",
  input: { type: "order_percent", percent: "10" as never, lines: output.map((_, i) => i + 1) },
  before: minor(before),
  output: output.map(minor),
  rounding: "half_up_then_largest_remainder"
})

/** The step with one more minor unit in its last figure. */
const oneMore = (step: TraceStep): TraceStep | undefined => {
  if (step.rule === "shipping_tax") return { ...step, output: minor(step.output + 1n) }
  if (step.rule !== "unit_price" && step.rule !== "tax") return undefined
  const output = step.output.map((amount, i) =>
    i === step.output.length - 1 ? minor(amount + 1n) : amount
  )
  return output.length === 0 ? undefined : ({ ...step, output } as TraceStep)
}

describe("a step reckoned by other means", () => {
  test("agrees with every quote that the pricing makes", () => {
    fc.assert(
      fc.property(order, (input) => {
        assert.deepStrictEqual(quoted(input).trace.flatMap(misreckoned), [])
      }),
      { numRuns: 300 }
    )
  })

  test("finds a figure that is off by one", () => {
    fc.assert(
      fc.property(order, (input) => {
        for (const step of quoted(input).trace) {
          const wrong = oneMore(step)
          if (wrong !== undefined) assert.isNotEmpty(misreckoned(wrong), step.rule)
        }
      }),
      { numRuns: 100 }
    )
  })

  test("finds what was lost when a discount was spread over lines", () => {
    assert.isEmpty(misreckoned(tenPercent(1_000n, [34n, 33n, 33n])))
    assert.isNotEmpty(misreckoned(tenPercent(1_000n, [33n, 33n, 33n])))
    // Half a cent rounds up: 10 % of 1.05 is 0.11.
    assert.isEmpty(misreckoned(tenPercent(105n, [6n, 5n])))
    assert.isNotEmpty(misreckoned(tenPercent(105n, [5n, 5n])))
  })
})
