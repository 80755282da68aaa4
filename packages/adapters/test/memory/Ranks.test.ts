import { Ranks } from "@doorbuster/adapters/memory/queue/Ranks"
import fc from "fast-check"
import { expect, test } from "vitest"

/** Null appends; a number removes one of those that are in. */
const history = fc.array(fc.option(fc.nat()), { maxLength: 200 })

test("ranks agree with counting, whatever came and went before", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const ranks = new Ranks()
      let inside: Array<number> = []
      for (const step of steps) {
        if (step === null || inside.length === 0) {
          inside.push(ranks.append())
        } else {
          const gone = inside[step % inside.length] as number
          ranks.remove(gone)
          inside = inside.filter((number) => number !== gone)
        }
      }
      const counted = inside.map((_, i) => i + 1)
      expect(inside.map((number) => ranks.upTo(number))).toEqual(counted)
    })
  )
})
