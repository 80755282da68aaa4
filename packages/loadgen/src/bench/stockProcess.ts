/** A process that asks for units, turn by turn, as it is told to. */
import * as Effect from "effect/Effect"
import { stockLoad } from "./stockLoad.ts"
import type { StockTurn } from "./stockTurn.ts"

process.on("message", (turn: StockTurn) => {
  Effect.runPromise(stockLoad(turn)).then(
    (figures) => process.send?.(figures),
    (error: unknown) => {
      process.stderr.write(`${error}\n`)
      process.exit(1)
    }
  )
})
// Whoever asks has gone, and with them the reason to be here.
process.on("disconnect", () => process.exit(0))
process.send?.("up")
