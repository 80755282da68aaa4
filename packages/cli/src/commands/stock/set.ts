import { Args, Flags } from "@oclif/core"
import { keyFlag, skuArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class StockSet extends StoreCommand {
  static override summary = "Bring the units received of a SKU to a figure."
  static override description =
    "Books the difference as an adjustment, so the figure stays explained by its movements. " +
    "Available are then the units received less those reserved and sold."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 85123A 500",
    '<%= config.bin %> <%= command.id %> 85123A 480 --reason "stock-taking 2026-11" --key st-11'
  ]
  static override args = {
    sku: skuArgument({ required: true }),
    received: Args.integer({
      description: "Units received in all.",
      required: true,
      min: 0,
      max: 1_000_000_000
    })
  }
  static override flags = {
    reason: Flags.string({
      description: "Why; kept with the movement.",
      helpValue: "TEXT",
      default: "set by hand"
    }),
    key: keyFlag("a new one each time")
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StockSet)
    const { setStock } = await import("../../programs/stock.ts")
    const { key, reason } = flags
    await this.execute(flags, setStock({ sku: args.sku, received: args.received, key, reason }))
  }
}
