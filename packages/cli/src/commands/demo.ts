import { StoreCommand } from "../StoreCommand.ts"
import { historyFlag } from "../traceInputs.ts"

export default class Demo extends StoreCommand {
  static override summary = "Watch a flash sale, a crash and the proof, in about a minute."
  static override description =
    "Loads a real shop into an embedded store of its own (gone afterwards), replays the shop's " +
    "busiest day, sells 100 units to 2,000 buyers over HTTP, kills the server in the middle and " +
    "starts it again, and then checks every promise. Needs nothing installed. Exits 3 when a " +
    "promise is broken."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json",
    {
      description: "Keep what the buyers were told, for `store check --history`:",
      command: "<%= config.bin %> <%= command.id %> --history sale.ndjson"
    }
  ]
  static override flags = { history: historyFlag() }

  async run(): Promise<void> {
    const { flags } = await this.parse(Demo)
    const [{ demo }, Effect] = await Promise.all([
      import("../programs/demo.ts"),
      import("effect/Effect")
    ])
    const quiet = this.jsonEnabled()
    const say = (line: string) =>
      Effect.sync(() => void (quiet || process.stderr.write(`${line}\n`)))
    await this.execute(flags, demo(say, flags.history))
  }
}
