import { Args, Flags } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"

export default class Museum extends StoreCommand {
  static override summary = "Give the store bugs that other shops had, and see each one caught."
  static override description =
    "Each mutant is a small change of the store's own source at the place that decides: a bug " +
    "that a shop, a plug-in or a saga library has had, with its source. The simulator runs it " +
    "seed by seed until a rule is broken, and then runs the unchanged store over the same seeds. " +
    "The product itself is not touched. Exits 3 when a mutant is not found, or when the " +
    "unchanged store breaks a rule."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    {
      description: "One of them, with its story, its change and what caught it:",
      command: "<%= config.bin %> <%= command.id %> refund-retried-without-the-key"
    },
    "<%= config.bin %> <%= command.id %> --list",
    "<%= config.bin %> <%= command.id %> --runs 200 --seed 42 --jobs 4 --json"
  ]
  static override args = {
    name: Args.string({ description: "Only this mutant; --list names them all." })
  }
  static override flags = {
    runs: Flags.integer({
      description: "Most seeds per mutant.",
      default: 1000,
      helpValue: "COUNT",
      min: 1,
      max: 1_000_000
    }),
    seed: Flags.integer({
      description: "First seed; the others follow it.",
      default: 1,
      helpValue: "SEED",
      min: 0,
      max: 2 ** 32 - 1
    }),
    jobs: Flags.integer({
      description: "Threads at once (default: one for each processor).",
      helpValue: "COUNT",
      min: 1,
      max: 256
    }),
    list: Flags.boolean({
      description: "Name the mutants and where they come from, and run nothing."
    }),
    markdown: Flags.boolean({
      description: "Print the museum as a page: stories, changes and what caught them.",
      exclusive: ["list", "json"]
    })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Museum)
    const { jobs, list, markdown, runs, seed } = flags
    const { museum } = await import("../programs/museum.ts")
    const form = list ? "list" : markdown ? "page" : "report"
    await this.execute(flags, museum({ name: args.name, runs, seed, jobs, form }))
  }
}
