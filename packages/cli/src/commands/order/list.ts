import { Flags } from "@oclif/core"
import { limitFlag } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderList extends StoreCommand {
  static override summary = "List orders, newest first."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --state paid --limit 10",
    "<%= config.bin %> <%= command.id %> --external-ref 536365 --json"
  ]
  static override flags = {
    state: Flags.string({
      description: "Only orders in this state.",
      options: ["pending_payment", "paid", "shipped", "completed", "canceled", "refunded"]
    }),
    account: Flags.string({ description: "Only orders of this account.", helpValue: "ACCOUNT" }),
    "external-ref": Flags.string({
      description: "Only the order with this reference of the merchant's.",
      helpValue: "REFERENCE"
    }),
    limit: limitFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(OrderList)
    const { listOrders } = await import("../../programs/orders.ts")
    const { account, limit, state, "external-ref": externalRef } = flags
    await this.execute(flags, listOrders({ account, externalRef, limit, state }))
  }
}
