import { skuArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class StockRebalance extends StoreCommand {
  static override summary = "Lay the available units of a SKU out evenly over its segments."
  static override description =
    "Units that are reserved or sold stay where they are, and the sum stays what it was. The " +
    "store does it by itself when a segment runs empty while others have plenty."
  static override examples = ["<%= config.bin %> <%= command.id %> 85123A"]
  static override args = { sku: skuArgument({ required: true }) }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StockRebalance)
    const { rebalanceStock } = await import("../../programs/stockStrategy.ts")
    await this.execute(flags, rebalanceStock(args.sku))
  }
}
