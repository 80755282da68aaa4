import { amountFlag, keyFlag, orderArgument, restockFlag } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderRefund extends StoreCommand {
  static override summary = "Give money back, with or without the goods."
  static override description =
    "A partial refund keeps the order's state and adds up; when nothing is left to give back the " +
    "order is `refunded`. Units go on sale again only where --restock says so."
  static override examples = [
    {
      description: "Give back all that is left, and put its units on sale again:",
      command:
        "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f --restock all"
    },
    {
      description: "Give back a part, for two broken units that stay out:",
      command:
        "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f " +
        "--amount 5.10 --key broken-cups"
    }
  ]
  static override args = { order: orderArgument({ required: true }) }
  static override flags = {
    amount: amountFlag(),
    restock: restockFlag(),
    key: keyFlag("made from the order, the amount and the units")
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(OrderRefund)
    const { refund } = await import("../../programs/refund.ts")
    const { amount, key, restock = [] } = flags
    await this.execute(flags, refund({ orderId: args.order, amount, key, restock }))
  }
}
