/** Words for an answer that fits nowhere. */
import type { Range } from "./HistoryReport.ts"
import { counterNames, effectOf, sourceOf, type Units } from "./StockModel.ts"
import type { Recorded } from "./Timeline.ts"

export type Ranges = readonly [Range, Range, Range]

const spread = ([least, most]: Range): string =>
  least === most ? `exactly ${least}` : `${least} to ${most}`

const although = ({ operation }: Recorded, ranges: Ranges): string => {
  const { ok, op, qty, val } = operation
  if (op === "read") {
    return `although ${spread(ranges[0])} were available, in no order of events ${val}`
  }
  const effect: Units = effectOf(operation)
  if (op === "receive" && qty > 0) return "although units that come in are never refused"
  const counter = sourceOf(effect)
  const name = counterNames[counter]
  const [least, most] = ranges[counter]
  if (ok && most < -effect[counter]) return `although at most ${most} were ${name}`
  if (!ok && least >= -effect[counter]) return `although at least ${least} were ${name}`
  return `although ${spread(ranges[counter])} were ${name}, in no order of events such that it fits`
}

/** Such as "reserve of 1 by client 7 was answered ok, although at most 0 were available". */
export const sentence = (recorded: Recorded, ranges: Ranges): string => {
  const { client, ok, op, qty, retNs, val } = recorded.operation
  const what = op === "read" ? `read by client ${client}` : `${op} of ${qty} by client ${client}`
  const answer = op === "read" ? `said ${val} available` : ok ? "was answered ok" : "was refused"
  const where = `(line ${recorded.line}) ${answer} at ${retNs} ns`
  return `${what} ${where}, ${although(recorded, ranges)}`
}
