/** Flags that every bench has. */
import { Flags } from "@oclif/core"

const secondsMax = 3600

export const roundsFlag = (rounds: number) =>
  Flags.integer({
    description: "Rounds, of which the middle one counts.",
    default: rounds,
    helpValue: "COUNT",
    min: 1,
    max: 100
  })

export const secondsFlag = (seconds: number) =>
  Flags.integer({
    description: "Seconds that count, of each turn in a round.",
    default: seconds,
    helpValue: "SECONDS",
    min: 1,
    max: secondsMax
  })

export const warmupFlag = (seconds: number) =>
  Flags.integer({
    description: "Seconds before that, in which nothing counts.",
    default: seconds,
    helpValue: "SECONDS",
    min: 0,
    max: secondsMax
  })

export const callersFlag = (description: string) =>
  Flags.integer({ description, default: 1024, helpValue: "COUNT", min: 1, max: 65_536 })

export const skusFlag = Flags.integer({
  description: "SKUs that a spread load is spread over; pgbench has 1,000.",
  default: 1000,
  helpValue: "COUNT",
  min: 1,
  max: 100_000
})

export const plotFlag = Flags.string({
  description: "Write the figures as a picture to this file, SVG.",
  helpValue: "FILE"
})
