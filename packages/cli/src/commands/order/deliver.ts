import { keyFlag, orderArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderDeliver extends StoreCommand {
  static override summary = "Record that a shipped order has arrived."
  static override description = "The order is `completed`."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f"
  ]
  static override args = { order: orderArgument({ required: true }) }
  static override flags = { key: keyFlag("deliver:ORDER") }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(OrderDeliver)
    const { deliver } = await import("../../programs/fulfill.ts")
    const options = { orderId: args.order, key: flags.key }
    await this.execute(flags, deliver({ ...options, carrier: undefined, tracking: undefined }))
  }
}
