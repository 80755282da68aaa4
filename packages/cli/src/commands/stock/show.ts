import { Flags } from "@oclif/core"
import { skuArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class StockShow extends StoreCommand {
  static override summary = "Show what was received, reserved and sold, and what is available."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> 85123A 71053 --json"
  ]
  static override args = {
    sku: skuArgument({ description: "SKUs (default: all).", multiple: true })
  }
  static override flags = {
    allowances: Flags.boolean({
      description: "Also coupon uses and purchase limits, which are kept as stock."
    })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StockShow)
    const { showStock } = await import("../../programs/stock.ts")
    const skus = ([] as ReadonlyArray<string>).concat(args.sku ?? [])
    await this.execute(flags, showStock({ skus, allowances: flags.allowances }))
  }
}
