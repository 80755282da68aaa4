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

const loads = ["hot", "spread", "lone"] as const

export default class BenchCheckout extends StoreCommand {
  static override summary = "Measure whole checkouts, to paid, against plain transactions."
  static override description =
    "Callers with one order each at a time send it through the whole saga, with a payment " +
    "provider inside the process that approves and no HTTP, in databases of the bench's own on " +
    "the configured server, which are dropped in the end. Turn by turn with it, pgbench places " +
    "hand-written orders of one transaction each on the same server. Every turn ends with an " +
    "audit: exits 3, without a figure, when an invariant is broken."
  static override examples = [
    "<%= config.bin %> <%= command.id %> --database-url postgres://localhost/shop",
    {
      description: "A quick look at the hot SKU alone:",
      command: "<%= config.bin %> <%= command.id %> --only hot --rounds 1 --seconds 2 --json"
    }
  ]
  static override flags = {
    rounds: roundsFlag(3),
    seconds: secondsFlag(5),
    warmup: warmupFlag(2),
    callers: callersFlag("Callers, each with one order at a time."),
    skus: skusFlag,
    only: Flags.option({
      description: "Measure this alone (may be given twice; default: all).",
      options: loads,
      multiple: true
    })(),
    plot: plotFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(BenchCheckout)
    const { callers, only = loads, plot, rounds, seconds, skus, warmup } = flags
    const { benchCheckout } = await import("../../programs/bench.ts")
    const options = { rounds, seconds, warmupSeconds: warmup, callers, skus, loads: only }
    await this.execute(flags, benchCheckout(options, plot))
  }
}
