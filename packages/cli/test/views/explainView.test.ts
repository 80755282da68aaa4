import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import { expect, test } from "vitest"
import type { Story } from "../../src/explain/Story.ts"
import { explainView } from "../../src/views/explainView.ts"

const storyWith = (state: SagaRecord["state"]) =>
  ({
    orderId: "019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f",
    order: null,
    sagas: [{ kind: "checkout", state, lastError: "machine" }],
    money: { payments: [] }
  }) as unknown as Story

test("only a checkout that has ended was given up; an open one is still open", () => {
  expect(explainView(storyWith("open"), [])).toMatch(/not made yet: .* still open \(machine\)/)
  expect(explainView(storyWith("open"), [])).not.toContain("given up")
  expect(explainView(storyWith("failed"), [])).toContain("given up")
})
