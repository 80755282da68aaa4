import { Currency } from "@doorbuster/core/money/Currency"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { toJson, toJsonLine } from "../../src/json.ts"
import { formatAmount, formatCount } from "../../src/views/money.ts"
import { progress, progressLine, type Screen } from "../../src/views/Progress.ts"
import { table } from "../../src/views/table.ts"
import { formatDuration, formatTime } from "../../src/views/time.ts"

describe("amounts", () => {
  test.each([
    ["EUR", 0n, "0.00"],
    ["EUR", 5n, "0.05"],
    ["EUR", -5n, "-0.05"],
    ["EUR", 123_456_789n, "1,234,567.89"],
    ["JPY", 123_456n, "123,456"],
    ["KWD", 1_234n, "1.234"],
    ["EUR", 9_007_199_254_740_993n, "90,071,992,547,409.93"]
  ])("in %s are written with the currency's own places", (code, amount, text) => {
    expect(formatAmount(amount, Currency.make(code))).toBe(text)
  })
  test("counts are grouped", () => {
    expect([0, 999, 1000, -1234567].map(formatCount)).toEqual(["0", "999", "1,000", "-1,234,567"])
  })
})

test("times are in UTC and durations in the unit that fits", () => {
  expect(formatTime(Date.UTC(2026, 10, 11, 0, 0, 0, 123))).toBe("2026-11-11 00:00:00.123")
  expect([4, 2500, 200_000].map(formatDuration)).toEqual(["4 ms", "2.5 s", "3 min 20 s"])
})

test("a table aligns its columns and ends no line with blanks", () => {
  const text = table(
    [{ title: "sku" }, { title: "units", align: "right" }, { title: "" }],
    [
      ["CUP", "5", "x"],
      ["TEAPOT", "1,000", ""]
    ]
  )
  expect(text.split("\n")).toEqual(["sku     units", "CUP         5  x", "TEAPOT  1,000"])
})

test("JSON carries whole amounts as integers, and too large ones as text", () => {
  expect(toJsonLine({ a: 5n, b: 9_007_199_254_740_993n })).toBe('{"a":5,"b":"9007199254740993"}')
  expect(toJson({ a: 1 })).toBe('{\n  "a": 1\n}')
})

describe("a progress line", () => {
  const drawn = async (isTTY: boolean, moments: ReadonlyArray<number>, columns = 80) => {
    const written: Array<string> = []
    const screen: Screen = { isTTY, columns, write: (text) => written.push(text) }
    let clock = 0
    const program = Effect.gen(function* () {
      const { at } = yield* progress("orders", screen, () => clock)
      for (const [done, moment] of moments.entries()) {
        clock = moment
        yield* at(done, moments.length)
      }
    })
    await Effect.runPromise(Effect.scoped(program))
    return written
  }

  test("appears after two seconds only, at most ten times a second, and is wiped", async () => {
    const written = await drawn(true, [0, 1999, 2000, 2050, 2100])
    expect(written).toHaveLength(3)
    expect(written[0]).toContain("orders  [##########..............] 40 %  2/5  2.0 s")
    expect(written.at(-1)).toBe("\r\u001b[K")
  })
  test("is not drawn off a terminal, nor where the work was too short", async () => {
    expect(await drawn(false, [0, 5000])).toEqual([])
    expect(await drawn(true, [0, 100])).toEqual([])
  })
  test("counts where the whole is not known", () => {
    expect(progressLine("orders", { done: 1500, elapsedMs: 3000 })).toBe("orders  1,500  3.0 s")
  })
  test("fits a narrow terminal, and one that says it has no width", async () => {
    for (const [columns, longest] of [
      [40, 39],
      [0, 79]
    ] as const) {
      const [line = ""] = await drawn(true, [100_000_000], columns)
      expect(line.replace("\r\u001b[K", "").length).toBeLessThanOrEqual(longest)
    }
    const [line = ""] = await drawn(true, [100_000_000], 0)
    expect(line.endsWith("min 40 s")).toBe(true)
  })
})
