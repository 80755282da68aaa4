import { Flags } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"

export default class Check extends StoreCommand {
  static override summary = "Check every invariant of stock, orders and money."
  static override description =
    "Reads the whole store and the payment provider's own book, and compares them. Exits 3 when " +
    "an invariant is broken, and names it, the key, and both sides of its equation."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json",
    {
      description: "Allow a busy store two minutes to bring its schemas in step:",
      command: "<%= config.bin %> <%= command.id %> --grace 120"
    }
  ]
  static override flags = {
    grace: Flags.integer({
      description:
        "Time that checks across schemas allow for what is under way " +
        "(default: 30 while a server runs, 0 at rest).",
      helpValue: "SECONDS",
      min: 0,
      max: 86_400
    })
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Check)
    const { check } = await import("../programs/check.ts")
    await this.execute(flags, check({ grace: flags.grace }))
  }
}
