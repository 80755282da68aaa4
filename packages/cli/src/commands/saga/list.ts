import { Flags } from "@oclif/core"
import { limitFlag } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class SagaList extends StoreCommand {
  static override summary = "List sagas, oldest first: those under way, or all."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --stuck",
    "<%= config.bin %> <%= command.id %> --state failed --limit 10 --json"
  ]
  static override flags = {
    state: Flags.string({
      description: "Only sagas in this state.",
      options: ["open", "done", "failed", "all"],
      default: "open"
    }),
    stuck: Flags.boolean({ description: "Only open sagas beyond their deadline." }),
    order: Flags.string({ description: "Only sagas of this order.", helpValue: "ORDER" }),
    limit: limitFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SagaList)
    const { listSagas } = await import("../../programs/sagas.ts")
    const { limit, order: orderId, stuck } = flags
    const state = flags.state === "all" ? undefined : (flags.state as "open" | "done" | "failed")
    await this.execute(flags, listSagas({ limit, orderId, state, stuck }))
  }
}
