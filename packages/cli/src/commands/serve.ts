import { Flags } from "@oclif/core"
import { type ExitCode, exitCodes } from "../exitCodes.ts"
import type { Ready } from "../programs/serve.ts"
import { StoreCommand } from "../StoreCommand.ts"

export default class Serve extends StoreCommand {
  static override summary = "Run the store's HTTP API."
  static override description =
    "Applies migrations, takes over the sagas of servers that died, and listens. SIGTERM and " +
    "SIGINT stop it: it takes no more requests, finishes those it has, and hands its sagas over. " +
    "With --json it prints one line when it is ready. The staff token is in keys.json in the " +
    "data directory, unless STORE_STAFF_TOKEN sets it."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    {
      description: "On any free port, of all addresses:",
      command: "<%= config.bin %> <%= command.id %> --host 0.0.0.0 --port 0"
    }
  ]
  static override flags = {
    host: Flags.string({
      description: "Address to listen on (default: 127.0.0.1).",
      helpValue: "ADDRESS"
    }),
    port: Flags.integer({
      description: "TCP port to listen on; 0 takes a free one (default: 3000).",
      helpValue: "PORT",
      min: 0,
      max: 65_535
    }),
    workers: Flags.integer({
      description: "Processes that share the port; above 1 on a Postgres server only (default: 1).",
      helpValue: "COUNT",
      min: 1,
      max: 64
    }),
    role: Flags.string({
      description:
        "What it does: web takes requests and finishes what it began; worker takes over, drains " +
        "the line, and serves its health and metrics only (default: all).",
      options: ["all", "web", "worker"]
    }),
    "order-queue": Flags.boolean({
      description: "Orders wait in line: a checkout is answered with a ticket.",
      allowNo: true
    }),
    "drain-rate": Flags.integer({
      description: "Orders a second that leave the line, over all workers (default: 1000).",
      helpValue: "COUNT",
      min: 1,
      max: 100_000
    }),
    "provider-seed": Flags.string({
      description: "Seed of the sandbox payment provider (default: approve).",
      helpValue: "TEXT"
    }),
    "provider-mix": Flags.string({
      description:
        "How the sandbox provider behaves, by weight: approve, decline, timeout_before, " +
        "timeout_after, late, twice (default: approve=1).",
      helpValue: "approve=9,decline=1"
    })
  }

  /** To be stopped is how a server ends well. */
  protected override exitOnSignal(): ExitCode {
    return exitCodes.ok
  }

  #announce(ready: Ready, keysAreNew: boolean): void {
    const place = ready.data_dir === null ? "" : `, data in ${ready.data_dir}`
    const processes = ready.workers === 1 ? "" : ` with ${ready.workers} workers`
    process.stderr.write(`listening on ${ready.url}${processes}${place}\n`)
    if (keysAreNew) process.stderr.write("new keys are in keys.json in the data directory\n")
    if (this.jsonEnabled()) process.stdout.write(`${JSON.stringify(ready)}\n`)
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve)
    const { serve } = await import("../programs/serve.ts")
    await this.execute(
      flags,
      serve({
        onReady: (ready, keysAreNew) => this.#announce(ready, keysAreNew),
        onStop: () => process.stderr.write("stopping: finishing what is under way\n"),
        say: (line) => process.stderr.write(`${line}\n`)
      })
    )
  }
}
