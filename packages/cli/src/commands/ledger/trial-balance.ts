import { StoreCommand } from "../../StoreCommand.ts"

export default class LedgerTrialBalance extends StoreCommand {
  static override summary = "Add up every account: debits and credits have to be equal."
  static override description =
    "One page per currency, in the currency's own units (--json: minor units). Exits 3 when the " +
    "two sides of any currency differ."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json"
  ]

  async run(): Promise<void> {
    const { flags } = await this.parse(LedgerTrialBalance)
    const { trialBalance } = await import("../../programs/trialBalance.ts")
    await this.execute(flags, trialBalance)
  }
}
