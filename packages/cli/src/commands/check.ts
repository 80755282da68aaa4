import { Flags } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"

export default class Check extends StoreCommand {
  static override summary = "Check every invariant of stock, orders and money."
  static override description =
    "Reads the whole store and the payment provider's own book, and compares them. Exits 3 when " +
    "an invariant is broken, and names it, the key, and both sides of its equation. With " +
    "--history it opens no store: it reads what clients were told, and looks for an order of " +
    "events in which a correct store answers so. Exits 3 when there is none, 7 when that could " +
    "not be decided."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json",
    {
      description: "Allow a busy store two minutes to bring its schemas in step:",
      command: "<%= config.bin %> <%= command.id %> --grace 120"
    },
    {
      description: "Judge what the buyers of a sale were told:",
      command: "<%= config.bin %> <%= command.id %> --history sale.ndjson"
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
    }),
    history: Flags.string({
      description: "Judge this history instead: NDJSON, one operation of one client a line.",
      helpValue: "FILE"
    }),
    start: Flags.integer({
      description: "Units that each SKU of the history had available at first (default: 0).",
      helpValue: "UNITS",
      min: 0,
      max: 1_000_000_000
    })
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Check)
    const { grace, history, start = 0 } = flags
    if (history !== undefined) {
      if (grace !== undefined) this.refuse("--grace is about a store: a history knows no grace")
      const { checkHistory } = await import("../programs/checkHistory.ts")
      await this.execute(flags, checkHistory({ file: history, start }))
      return
    }
    if (flags.start !== undefined) this.refuse("--start says how a history begins: name --history")
    const { check } = await import("../programs/check.ts")
    await this.execute(flags, check({ grace }))
  }
}
