import { Flags } from "@oclif/core"
import { plotFlag, roundsFlag, secondsFlag, warmupFlag } from "../../benchInputs.ts"
import { StoreCommand } from "../../StoreCommand.ts"

const loads = ["checkout", "sold_out", "product"] as const

export default class BenchHttp extends StoreCommand {
  static override summary = "Measure a served store against servers that only answer."
  static override description =
    "Starts `store serve` on a database of the bench's own and sends it checkouts of a hot SKU, " +
    "checkouts of what is sold out, and a product page, as fast as it answers. The checkouts are " +
    "held against pgbench, the others against a bare node:http server that answers as many " +
    "bytes, turn by turn, with the same generator. Since that shares the processors, the " +
    "ratios are given per second of processor time as well. Exits 3, without a figure, when an " +
    "order that was accepted is not paid in the end, or when another invariant is broken."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --only sold_out --only product --connections 64"
  ]
  static override flags = {
    rounds: roundsFlag(3),
    seconds: secondsFlag(5),
    warmup: warmupFlag(2),
    connections: Flags.integer({
      description: "Connections, each with one request at a time.",
      default: 256,
      helpValue: "COUNT",
      min: 1,
      max: 16_384
    }),
    only: Flags.option({
      description: "Measure this alone (may be given twice; default: all).",
      options: loads,
      multiple: true
    })(),
    plot: plotFlag
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(BenchHttp)
    const { connections, only = loads, plot, rounds, seconds, warmup } = flags
    const { benchHttp } = await import("../../programs/bench.ts")
    const options = { rounds, seconds, warmupSeconds: warmup, connections, loads: only }
    await this.execute(flags, benchHttp(options, plot))
  }
}
