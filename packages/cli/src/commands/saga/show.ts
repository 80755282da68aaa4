import { sagaArgument } from "../../inputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

export default class SagaShow extends StoreCommand {
  static override summary = "Show how a saga stands: who owns it, and why it waits."
  static override examples = [
    "<%= config.bin %> <%= command.id %> 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f"
  ]
  static override args = { saga: sagaArgument({ required: true }) }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SagaShow)
    const { showSaga } = await import("../../programs/sagas.ts")
    await this.execute(flags, showSaga(args.saga))
  }
}
