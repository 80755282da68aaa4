import { orderArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderExplain extends StoreCommand {
  static override summary = "Tell an order's life as one time line."
  static override description =
    "Everything that any part of the store wrote down about the order, sorted by time: order " +
    "events, sagas, units held and sold, payments, refunds, shipments, and ledger entries with " +
    "their postings. Also explains checkouts that were given up before an order was made."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f"
  ]
  static override args = { order: orderArgument({ required: true }) }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(OrderExplain)
    const { explainOrder } = await import("../../programs/orders.ts")
    await this.execute(flags, explainOrder(args.order))
  }
}
