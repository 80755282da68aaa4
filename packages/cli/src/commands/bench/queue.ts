import { Flags } from "@oclif/core"
import { callersFlag, plotFlag, roundsFlag, secondsFlag, warmupFlag } from "../../benchInputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class BenchQueue extends StoreCommand {
  static override summary = "Measure orders that stand in line against orders placed at once."
  static override description =
    "Orders of one hot SKU take places in a line, and a worker takes them out again and places " +
    "them as fast as the store does, until the last one is paid; turn by turn with it, callers " +
    "place theirs without a line. The line is in Redis, under a name of its own, where one is " +
    "configured (REDIS_URL), else in the process. Every turn ends with an audit: exits 3, " +
    "without a figure, when an invariant is broken or somebody was left in line."
  static override examples = ["<%= config.bin %> <%= command.id %> --orders 20000"]
  static override flags = {
    orders: Flags.integer({
      description: "Orders that stand in line.",
      default: 10_000,
      helpValue: "COUNT",
      min: 1,
      max: 1_000_000
    }),
    rounds: roundsFlag(3),
    seconds: secondsFlag(5),
    warmup: warmupFlag(2),
    callers: callersFlag("Orders under way at once, in line or without it."),
    plot: plotFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(BenchQueue)
    const { callers, orders, plot, rounds, seconds, warmup } = flags
    const { benchQueue } = await import("../../programs/bench.ts")
    const options = { rounds, seconds, warmupSeconds: warmup, callers, orders }
    await this.execute(flags, benchQueue(options, plot))
  }
}
