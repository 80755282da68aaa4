/** Flags of the commands that read a shop's recorded orders. What they refuse is a usage error. */
import { Errors, Flags } from "@oclif/core"
import { exitCodes } from "./exitCodes.ts"

const refuse = (message: string): never => {
  throw new Errors.CLIError(message, { exit: exitCodes.usage })
}

const unitsMax = 1_000_000_000

const readStock = async (input: string): Promise<"exact" | number> => {
  if (input === "exact") return "exact"
  const units = Number(input)
  return /^\d{1,10}$/.test(input) && units <= unitsMax
    ? units
    : refuse(`--stock takes "exact" or a number of units up to ${unitsMax}, not "${input}"`)
}

export const stockFlag = Flags.custom<"exact" | number>({
  description:
    "A delivery of so many units of each SKU, which comes once however often it is seeded, or " +
    "of exactly those that the recorded sales, free goods and write-offs take out " +
    "(default: exact).",
  helpValue: "exact|UNITS",
  parse: readStock
})

const readDay = async (input: string): Promise<number> => {
  const at = Date.parse(`${input}T00:00:00Z`)
  const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(input)
  return /^\d{4}-\d\d-\d\d$/.test(input) && exists
    ? at
    : refuse(`"${input}" is no day: a day looks like 2010-12-02`)
}

/** Epoch milliseconds of the day's beginning in UTC. */
export const dayFlag = Flags.custom<number>({ helpValue: "DAY", parse: readDay })

export const historyFlag = Flags.custom<string>({
  description: "Write what buyers were told to this file, for `store check --history`.",
  helpValue: "FILE"
})
