import type { StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import { Args, Flags } from "@oclif/core"
import { skuArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

const strategies: ReadonlyArray<StockStrategy> = [
  "pessimistic",
  "optimistic",
  "atomic",
  "segmented",
  "queued"
]

export default class StockStrategyCommand extends StoreCommand {
  static override summary = "Show or choose how a SKU's units are taken when many want them."
  static override description =
    "May be changed while the SKU is being sold: no unit is lost and none is made. Other " +
    "processes know of it within a second. With `segmented` the units lie on several rows, and " +
    "orders of different batches do not wait for each other."
  static override examples = [
    { description: "How it is now:", command: "<%= config.bin %> <%= command.id %> 85123A" },
    {
      description: "Over eight rows:",
      command: "<%= config.bin %> <%= command.id %> 85123A segmented --segments 8"
    },
    { description: "As at first:", command: "<%= config.bin %> <%= command.id %> 85123A atomic" }
  ]
  static override args = {
    sku: skuArgument({ required: true }),
    name: Args.string({
      description: "The strategy to choose (default: show the present one).",
      options: [...strategies]
    })
  }
  static override flags = {
    segments: Flags.integer({
      description: "Rows that the units are laid out on, with segmented (default: 8).",
      helpValue: "N",
      min: 2,
      max: 256
    })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StockStrategyCommand)
    const { stockStrategy } = await import("../../programs/stockStrategy.ts")
    const strategy = strategies.find((name) => name === args.name)
    await this.execute(flags, stockStrategy({ sku: args.sku, strategy, segments: flags.segments }))
  }
}
