import { Flags } from "@oclif/core"
import { sagaArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class SagaRetry extends StoreCommand {
  static override summary = "Run a waiting saga again now."
  static override description =
    "Forgets its failed attempts and makes it ready at once, for a running server or for this " +
    "command itself. It goes on where it stood: no step is done twice. The saga of a server that " +
    "died is free when that server's lease has run out, ten seconds after its last sign of life."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f",
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f --wait 60"
  ]
  static override args = { saga: sagaArgument({ required: true }) }
  static override flags = {
    wait: Flags.integer({
      description: "How long its end is waited for.",
      helpValue: "SECONDS",
      default: 15,
      min: 0,
      max: 3600
    })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SagaRetry)
    const { retrySaga } = await import("../../programs/sagas.ts")
    await this.execute(flags, retrySaga({ sagaId: args.saga, waitMs: flags.wait * 1000 }))
  }
}
