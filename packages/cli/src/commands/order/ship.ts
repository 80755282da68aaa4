import { Flags } from "@oclif/core"
import { keyFlag, orderArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class OrderShip extends StoreCommand {
  static override summary = "Ship a paid order."
  static override description =
    "The shipment leaves the house, the revenue is recognised, and the order is `shipped`."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f",
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f " +
      "--carrier DHL --tracking JD0146"
  ]
  static override args = { order: orderArgument({ required: true }) }
  static override flags = {
    carrier: Flags.string({ description: "Who carries it.", helpValue: "NAME" }),
    tracking: Flags.string({ description: "The carrier's own number.", helpValue: "NUMBER" }),
    key: keyFlag("made of the order, the carrier and the number")
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(OrderShip)
    const { ship } = await import("../../programs/fulfill.ts")
    const { carrier, key, tracking } = flags
    await this.execute(flags, ship({ orderId: args.order, carrier, key, tracking }))
  }
}
