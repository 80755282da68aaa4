import { Args, Flags } from "@oclif/core"
import { StoreCommand } from "../StoreCommand.ts"
import { dayFlag, historyFlag } from "../traceInputs.ts"

export default class Replay extends StoreCommand {
  static override summary = "Send a shop's recorded orders through the store."
  static override description =
    "Each sale goes through the checkout at its recorded price, each cancellation comes back as " +
    "a refund of the sale that it is matched with (of none where none fits), write-offs and free " +
    "goods move the stock, bad debts are booked. Then the store's own books are held against the " +
    "control figures of the file: exits 1 where they differ. What was replayed before is left as " +
    "it is, and a replay that was killed goes on when it is started again. Times of the file are " +
    "taken as UTC."
  static override examples = [
    "<%= config.bin %> <%= command.id %> fixtures/uci-online-retail",
    {
      description: "One busy day:",
      command:
        "<%= config.bin %> <%= command.id %> fixtures/uci-online-retail " +
        "--from 2010-12-02 --to 2010-12-03"
    },
    {
      description: "Over the HTTP API of a running store:",
      command:
        "<%= config.bin %> <%= command.id %> fixtures/uci-online-retail --url http://127.0.0.1:3000"
    }
  ]
  static override args = {
    file: Args.string({
      description: "order-lines.csv.gz, or the directory that it is in.",
      required: true
    })
  }
  static override flags = {
    from: dayFlag({ description: "First day of the orders to replay." }),
    to: dayFlag({ description: "Day before which the last of them was made." }),
    concurrency: Flags.integer({
      description: "Operations under way at once (default: 96).",
      helpValue: "COUNT",
      min: 1,
      max: 4096
    }),
    history: historyFlag(),
    url: Flags.string({
      description:
        "Send everything to this store with its staff token (STORE_STAFF_TOKEN, else that in " +
        "keys.json); its books are read from the database that is configured here.",
      helpValue: "URL"
    })
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Replay)
    const { concurrency, from = null, history, to = null, url } = flags
    if (from !== null && to !== null && to <= from) {
      this.refuse("--to is the day after the last one: it has to be later than --from")
    }
    const { replay } = await import("../programs/replay.ts")
    await this.execute(flags, replay({ file: args.file, from, to, concurrency, history, url }))
  }
}
