import { Flags } from "@oclif/core"
import {
  callersFlag,
  plotFlag,
  roundsFlag,
  secondsFlag,
  skusFlag,
  warmupFlag
} from "../../benchInputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

const strategies = ["pessimistic", "optimistic", "atomic", "segmented", "queued"] as const
const processCounts = [1, 2, 4, 8]

export default class BenchStock extends StoreCommand {
  static override summary = "Rank the stock strategies on this database."
  static override description =
    "Processes with callers of their own reserve units of one hot SKU, and of many, under each " +
    "strategy in turn, through the same batches as checkouts do, in a database of the bench's " +
    "own on the configured server. The pessimistic strategy is held against its plain form in " +
    "pgbench. Every turn ends with an audit of the stock: exits 3, without a figure, when an " +
    "invariant is broken."
  static override examples = [
    "<%= config.bin %> <%= command.id %> --plot strategies.svg",
    "<%= config.bin %> <%= command.id %> --strategy atomic --strategy segmented --processes 4"
  ]
  static override flags = {
    rounds: roundsFlag(3),
    seconds: secondsFlag(2),
    warmup: warmupFlag(1),
    callers: callersFlag("Callers over all processes, each with one unit to ask for at a time."),
    skus: skusFlag,
    segments: Flags.integer({
      description: "Segments of the strategy of that name.",
      default: 8,
      helpValue: "COUNT",
      min: 2,
      max: 256
    }),
    strategy: Flags.option({
      description: "Only this strategy (may be given several times; default: all).",
      options: strategies,
      multiple: true
    })(),
    processes: Flags.integer({
      description: "So many processes at once (may be given several times; default: 1, 2, 4, 8).",
      helpValue: "COUNT",
      min: 1,
      max: 64,
      multiple: true
    }),
    plot: plotFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(BenchStock)
    const { callers, plot, rounds, seconds, segments, skus, warmup } = flags
    const { processes = processCounts, strategy = strategies } = flags
    const { benchStock } = await import("../../programs/bench.ts")
    const options = {
      rounds,
      seconds,
      warmupSeconds: warmup,
      callers,
      skus,
      segments,
      strategies: [...new Set(strategy)],
      processes: [...new Set(processes)]
    }
    await this.execute(flags, benchStock(options, plot))
  }
}
