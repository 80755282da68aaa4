import { availableParallelism } from "node:os"
import { Flags } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"

const grounds = ["memory", "embedded", "postgres"] as const

export default class Simulate extends StoreCommand {
  static override summary = "Play the store in a simulated world with every fault, seed by seed."
  static override description =
    "Runs the store's own code as several processes with workers, buyers, staff and a payment " +
    "provider over a simulated database, in virtual time. Everything that chance decides " +
    "(faults, delays, the order in which tasks run) follows from the seed, so that a seed " +
    "repeats its run to the last event. Each run has 30 minutes or more of simulated time; then " +
    "the faults stop, everything has to come to rest, and every invariant is checked. Exits 3 " +
    "when a promise was broken, and says how to repeat it. --crash-matrix crashes instead a " +
    "single process at every boundary of every effect."
  static override examples = [
    "<%= config.bin %> <%= command.id %> --runs 1000",
    {
      description: "Repeat one run, and write down every event:",
      command: "<%= config.bin %> <%= command.id %> --seed 42 --runs 1 --trace trace.txt"
    },
    {
      description: "Seeds of your own for ten minutes:",
      command: "<%= config.bin %> <%= command.id %> --seed 20261127 --minutes 10"
    },
    "<%= config.bin %> <%= command.id %> --crash-matrix"
  ]
  static override flags = {
    seed: Flags.integer({
      description: "First seed; the others follow it.",
      default: 1,
      helpValue: "SEED",
      min: 0,
      max: 2 ** 32 - 1
    }),
    runs: Flags.integer({
      description: "Seeds to play (default: 100, or as many as --minutes allows).",
      helpValue: "COUNT",
      min: 1,
      max: 10_000_000
    }),
    jobs: Flags.integer({
      description: "Threads at once (default: one for each processor).",
      helpValue: "COUNT",
      min: 1,
      max: 256
    }),
    minutes: Flags.integer({
      description: "Begin no further run after so many minutes.",
      helpValue: "MINUTES",
      min: 1,
      max: 100_000
    }),
    faults: Flags.string({
      description: "Leave only these kinds of fault on, with commas between them; `none` for none.",
      helpValue: "KINDS"
    }),
    checkouts: Flags.integer({
      description: "Orders that each run takes (default: 200 or a few more).",
      helpValue: "COUNT",
      min: 1,
      max: 100_000
    }),
    trace: Flags.string({
      description: "Write every event of every run to this file; on one thread.",
      helpValue: "FILE"
    }),
    history: Flags.string({
      description: "Write what was done to the stock, for `store check --history`; on one thread.",
      helpValue: "FILE"
    }),
    "crash-matrix": Flags.boolean({
      description: "Crash at every boundary of every effect, and once more during each recovery.",
      exclusive: ["runs", "minutes", "faults", "checkouts", "trace", "history"]
    }),
    only: Flags.string({
      description: "Only this case of the crash matrix, as a failure names it.",
      helpValue: "CASE",
      dependsOn: ["crash-matrix"]
    }),
    ground: Flags.option({
      description: "Where the crash matrix is played (default: memory; several are possible).",
      options: grounds,
      multiple: true,
      dependsOn: ["crash-matrix"]
    })()
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Simulate)
    if (flags["crash-matrix"]) {
      const { crashMatrix } = await import("../programs/crashMatrix.ts")
      const { jobs = availableParallelism(), ground: grounds = ["memory" as const], only } = flags
      await this.execute(flags, crashMatrix({ only, grounds, pairs: true, jobs }))
      return
    }
    const { simulate } = await import("../programs/simulate.ts")
    await this.execute(flags, simulate(flags))
  }
}
