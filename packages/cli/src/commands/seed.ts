import { Args } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"
import { stockFlag } from "../traceInputs.ts"

export default class Seed extends StoreCommand {
  static override summary = "Load a shop's catalogue, its prices and its stock."
  static override description =
    "Reads catalog.csv of a directory, and the order lines beside it. Goods are listed at their " +
    "usual price; postage, fees and what was never sold are known to the store, but nobody can " +
    "order them. Applies migrations. Seeding the same again changes nothing; " +
    "another number of units is another delivery, on top of what is there."
  static override examples = [
    "<%= config.bin %> <%= command.id %> fixtures/uci-online-retail",
    {
      description: "A thousand units of everything:",
      command: "<%= config.bin %> <%= command.id %> fixtures/uci-online-retail --stock 1000"
    }
  ]
  static override args = {
    directory: Args.directory({
      description: "Directory with catalog.csv and order-lines.csv.gz.",
      required: true,
      exists: true
    })
  }
  static override flags = { stock: stockFlag() }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Seed)
    const { seed } = await import("../programs/seed.ts")
    const { stock = "exact" } = flags
    await this.execute(flags, seed({ directory: args.directory, stock }))
  }
}
