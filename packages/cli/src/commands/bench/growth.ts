import { Flags } from "@oclif/core"
import { callersFlag, plotFlag, roundsFlag, secondsFlag, warmupFlag } from "../../benchInputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

const ordersFlag = (description: string, orders: number) =>
  Flags.integer({ description, default: orders, helpValue: "COUNT", min: 10, max: 100_000_000 })

export default class BenchGrowth extends StoreCommand {
  static override summary = "Measure whether orders cost more when many are stored."
  static override description =
    "Fills two databases of the bench's own with paid orders, copied row by row from some that " +
    "the store has placed, and then places new ones on each, turn by turn. A million orders take " +
    "some minutes and some 10 GB for as long as the bench runs. Every turn ends with an audit of " +
    "the new orders, all stock and the whole ledger: exits 3, without a figure, when an " +
    "invariant is broken."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --orders 100000 --base 1000 --rounds 1"
  ]
  static override flags = {
    orders: ordersFlag("Stored orders that are many.", 1_000_000),
    base: ordersFlag("Stored orders that are few.", 10_000),
    rounds: roundsFlag(3),
    seconds: secondsFlag(5),
    warmup: warmupFlag(2),
    callers: callersFlag("Callers, each with one order at a time."),
    plot: plotFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(BenchGrowth)
    const { base, callers, orders, plot, rounds, seconds, warmup } = flags
    if (orders <= base) this.refuse("--orders has to be more than --base")
    const { benchGrowth } = await import("../../programs/bench.ts")
    const options = { rounds, seconds, warmupSeconds: warmup, callers, orders, base }
    await this.execute(flags, benchGrowth(options, plot))
  }
}
