import { orderArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderShow extends StoreCommand {
  static override summary = "Show an order with its lines, totals and shipment."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f"
  ]
  static override args = { order: orderArgument({ required: true }) }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(OrderShow)
    const { showOrder } = await import("../../programs/orders.ts")
    await this.execute(flags, showOrder(args.order))
  }
}
