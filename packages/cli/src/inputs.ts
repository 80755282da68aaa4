/** Arguments and flags that several commands share. What they refuse is a usage error. */
import { Args, Errors, Flags } from "@oclif/core"
import { exitCodes } from "./exitCodes.ts"

const refuse = (message: string): never => {
  throw new Errors.CLIError(message, { exit: exitCodes.usage })
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const skuPattern = /^[!-~]([ -~]{0,198}[!-~])?$/
const keyPattern = /^[!-~]{1,255}$/

const readUuid = async (input: string): Promise<string> =>
  uuid.test(input.toLowerCase())
    ? input.toLowerCase()
    : refuse(`"${input}" is no id: an id looks like 019317c2-7a80-7e02-8f3c-9a5b6c7d8e9f`)

const readSku = async (input: string): Promise<string> =>
  skuPattern.test(input)
    ? input
    : refuse(`"${input}" is no SKU: a SKU has visible ASCII characters, spaces only inside`)

export const orderArgument = Args.custom<string>({
  description: "Id of the order.",
  parse: readUuid
})

export const sagaArgument = Args.custom<string>({
  description: "Id of the saga; a checkout's is that of its order.",
  parse: readUuid
})

export const skuArgument = Args.custom<string>({
  description: "SKU, case-sensitive.",
  parse: readSku
})

/** Idempotency keys as the HTTP API takes them. */
export const keyFlag = (derived: string) =>
  Flags.custom<string>({
    description:
      "Idempotency key: the same key does the same thing once, however often it is sent " +
      `(default: ${derived}).`,
    helpValue: "KEY",
    parse: async (input) =>
      keyPattern.test(input)
        ? input
        : refuse("--key takes 1 to 255 visible ASCII characters without spaces")
  })()

export const limitFlag = Flags.integer({
  description: "Rows at most.",
  helpValue: "ROWS",
  default: 50,
  min: 1,
  max: 10_000
})

export interface RestockLine {
  readonly sku: string
  readonly quantity: number
}

const readRestock = async (input: string): Promise<"all" | RestockLine> => {
  if (input === "all") return "all"
  const [, sku = "", units = ""] = /^([!-~](?:[ -~]{0,62}[!-~])?)=(\d{1,7})$/.exec(input) ?? []
  const quantity = Number(units)
  return quantity > 0
    ? { sku, quantity }
    : refuse(`--restock takes "all" or SKU=UNITS, such as 85123A=2; "${input}" is neither`)
}

export const restockFlag = Flags.custom<"all" | RestockLine>({
  description: "Units to put on sale again: all, or SKU=UNITS, once per SKU (default: none).",
  helpValue: "all|SKU=UNITS",
  multiple: true,
  parse: readRestock
})

export const amountFlag = Flags.custom<string>({
  description: "Amount to give back, in the order's currency (default: all that is left).",
  helpValue: "12.50",
  parse: async (input) =>
    /^\d{1,15}(\.\d{1,4})?$/.test(input) && Number(input) > 0
      ? input
      : refuse(`--amount takes an amount above zero such as 12.50, not "${input}"`)
})
