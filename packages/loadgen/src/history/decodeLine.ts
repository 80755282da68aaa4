import { type Operation, type Verb, verbs } from "./Operation.ts"

/** Why a line is no operation. */
export interface Flaw {
  readonly field: string | null
  readonly reason: string
}

const flaw = (field: string | null, reason: string): Flaw => ({ field, reason })

export const isFlaw = (decoded: Operation | Flaw): decoded is Flaw => "reason" in decoded

const members = ["client", "call_ns", "ret_ns", "op", "sku", "qty", "ok", "val", "unknown"]
const textMax = 200
/** Units of one operation; what is available stays far below 2^53 then. */
const unitsMax = 1_000_000_000

type Line = Readonly<Record<string, unknown>>

/** Nanoseconds since 1970 are beyond 2^53: the digits are kept instead of the number. */
const exact = (key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && key.endsWith("_ns") ? (context?.source ?? value) : value

const parse = JSON.parse as (text: string, reviver: typeof exact) => unknown

const objectOf = (text: string): Line | undefined => {
  try {
    const value = parse(text, exact)
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
    return isObject ? (value as Line) : undefined
  } catch {
    return undefined
  }
}

const nanoseconds = (value: unknown): bigint | undefined =>
  typeof value === "string" && /^-?\d{1,30}$/.test(value) ? BigInt(value) : undefined

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)
const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.length <= textMax
const isVerb = (value: unknown): value is Verb => verbs.some((verb) => verb === value)

const flawOfTimes = ({ call_ns, ret_ns = null, unknown = false }: Line): Flaw | undefined => {
  const called = nanoseconds(call_ns)
  if (called === undefined) return flaw("call_ns", "a whole number of nanoseconds is needed")
  if (ret_ns === null) {
    return unknown === true
      ? undefined
      : flaw("ret_ns", "without an answer the outcome is unknown: say unknown true")
  }
  const returned = nanoseconds(ret_ns)
  if (returned === undefined) {
    return flaw("ret_ns", "a whole number of nanoseconds is needed, or null")
  }
  return returned < called ? flaw("ret_ns", "it is before call_ns") : undefined
}

const flawOfUnits = ({ op, qty }: Line): Flaw | undefined => {
  if (op === "read") {
    return qty === undefined || qty === null || qty === 0 ? undefined : flaw("qty", "a read has 0")
  }
  if (!isInteger(qty)) return flaw("qty", "a whole number of units is needed")
  if (Math.abs(qty) > unitsMax) return flaw("qty", `at most ${unitsMax} units`)
  if (op === "receive") return qty === 0 ? flaw("qty", "a receive of no units") : undefined
  return qty < 1 ? flaw("qty", `a ${String(op)} has one unit or more`) : undefined
}

const flawOf = (line: Line): Flaw | undefined => {
  const { client, ok, op, sku, unknown, val } = line
  const stranger = Object.keys(line).find((member) => !members.includes(member))
  if (stranger !== undefined) return flaw(stranger, "there is no such field")
  if (!isText(client) && !isInteger(client)) {
    return flaw("client", `a text of 1 to ${textMax} characters is needed, or an integer`)
  }
  if (!isVerb(op)) return flaw("op", `one of ${verbs.join(", ")} is needed`)
  if (!isText(sku)) return flaw("sku", `a text of 1 to ${textMax} characters is needed`)
  if (unknown !== undefined && typeof unknown !== "boolean") {
    return flaw("unknown", "true or false is needed")
  }
  if (typeof ok !== "boolean" && !(unknown === true && (ok === undefined || ok === null))) {
    return flaw("ok", "true or false is needed")
  }
  if (val !== undefined && val !== null && !isInteger(val)) {
    return flaw("val", "a whole number of units is needed, or null")
  }
  return flawOfTimes(line) ?? flawOfUnits(line)
}

/** Reads one line, strictly. */
export const decodeLine = (text: string): Operation | Flaw => {
  const line = objectOf(text)
  if (line === undefined) return flaw(null, "a JSON object is needed")
  const found = flawOf(line)
  if (found !== undefined) return found
  return {
    client: line["client"] as string | number,
    callNs: nanoseconds(line["call_ns"]) ?? 0n,
    retNs: nanoseconds(line["ret_ns"]) ?? null,
    op: line["op"] as Verb,
    sku: line["sku"] as string,
    qty: (line["qty"] ?? 0) as number,
    ok: line["ok"] === true,
    val: (line["val"] ?? null) as number | null,
    unknown: line["unknown"] === true
  }
}
