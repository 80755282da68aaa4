import { timestamp } from "./rows.ts"

/** A type of elements: its number in Postgres, and how one of them is written. */
export interface ElementType<A> {
  readonly oid: number
  /** Bytes that one element takes at most. */
  readonly room: (value: A) => number
  /** Writes the binary form; answers its end, or -1 where the value has none. */
  readonly write: (value: A, into: Buffer, at: number) => number
  /** The text form, where it is not the value's own. */
  readonly print?: (value: A) => string
}

/** Grows to the largest array that was ever sent. */
let scratch = Buffer.allocUnsafeSlow(1 << 16)

const roomFor = (bytes: number, used: number): void => {
  if (bytes <= scratch.length) return
  const larger = Buffer.allocUnsafeSlow(2 * bytes)
  scratch.copy(larger, 0, 0, used)
  scratch = larger
}

const headBytes = 20
const lengthBytes = 4
const nullLength = -1

/** What an array's text may hold without quotes; the word NULL means something else there. */
const plain = /^(?!null$)[\w.:-]+$/i

const printed = (text: string | null): string => {
  if (text === null) return "NULL"
  return plain.test(text) ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`
}

/**
 * An array as a parameter of a statement. It goes over the wire in Postgres's binary form, which is
 * shorter than the text and costs the server half as much to read. A value that has no binary form
 * (a number too large, an id that is none) makes the whole array go as text, so that Postgres
 * refuses it in its own words.
 */
export class ArrayParameter<A> {
  readonly #type: ElementType<A>
  readonly #values: ReadonlyArray<A | null>

  constructor(type: ElementType<A>, values: ReadonlyArray<A | null>) {
    this.#type = type
    this.#values = values
  }

  /** The elements as Postgres would print them. */
  get texts(): ReadonlyArray<string | null> {
    const { print = String } = this.#type
    return this.#values.map((value) => (value === null ? null : print(value)))
  }

  /** Called by the driver when it sends the parameter. */
  toPostgres(): Buffer | string {
    return this.#binary() ?? this.toString()
  }

  /** The text form. */
  toString(): string {
    return `{${this.texts.map(printed).join(",")}}`
  }

  /** Dimensions, nulls, type; length and first index; then each element behind its length. */
  #binary(): Buffer | null {
    const { oid, room, write } = this.#type
    const values = this.#values
    let at = headBytes
    let hasNulls = 0
    for (const value of values) {
      const from = at + lengthBytes
      if (value === null) {
        roomFor(from, at)
        scratch.writeInt32BE(nullLength, at)
        hasNulls = 1
        at = from
        continue
      }
      roomFor(from + room(value), at)
      const end = write(value, scratch, from)
      if (end < 0) return null
      scratch.writeInt32BE(end - from, at)
      at = end
    }
    scratch.writeInt32BE(values.length === 0 ? 0 : 1, 0)
    scratch.writeInt32BE(hasNulls, 4)
    scratch.writeInt32BE(oid, 8)
    scratch.writeInt32BE(values.length, 12)
    scratch.writeInt32BE(1, 16)
    return Buffer.from(scratch.subarray(0, values.length === 0 ? 12 : at))
  }
}

const dashCode = 45
const noNibble = 255

/** What each hexadecimal digit stands for, by its character code. */
const nibbles = new Uint8Array(128).fill(noNibble)
for (const digit of "0123456789abcdefABCDEF") {
  nibbles[digit.charCodeAt(0)] = Number.parseInt(digit, 16)
}

const nibble = (text: string, at: number): number => nibbles[text.charCodeAt(at)] ?? noNibble

const isBehindDash = (byte: number): boolean =>
  byte === 4 || byte === 6 || byte === 8 || byte === 10

export const uuid: ElementType<string> = {
  oid: 2950,
  room: () => 16,
  write: (value, into, at) => {
    if (value.length !== 36) return -1
    let from = 0
    for (let byte = 0; byte < 16; byte++) {
      if (isBehindDash(byte) && value.charCodeAt(from++) !== dashCode) return -1
      const high = nibble(value, from++)
      const low = nibble(value, from++)
      if (high === noNibble || low === noNibble) return -1
      into[at + byte] = (high << 4) | low
    }
    return at + 16
  }
}

const shortText = 48

/** Up to this length it is quicker to copy plain characters than to call the encoder. */
const writeShort = (value: string, into: Buffer, at: number): number => {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code > 127) return -1
    into[at + i] = code
  }
  return at + value.length
}

export const text: ElementType<string> = {
  oid: 25,
  room: (value) => 3 * value.length,
  write: (value, into, at) => {
    const end = value.length <= shortText ? writeShort(value, into, at) : -1
    return end < 0 ? at + into.write(value, at, "utf8") : end
  }
}

const isWhole = (value: number, most: number): boolean =>
  Number.isInteger(value) && value <= most && value >= -most - 1

export const integer: ElementType<number> = {
  oid: 23,
  room: () => 4,
  write: (value, into, at) => (isWhole(value, 0x7fff_ffff) ? into.writeInt32BE(value, at) : -1)
}

export const smallint: ElementType<number> = {
  oid: 21,
  room: () => 2,
  write: (value, into, at) => (isWhole(value, 0x7fff) ? into.writeInt16BE(value, at) : -1)
}

export const boolean: ElementType<boolean> = {
  oid: 16,
  room: () => 1,
  write: (value, into, at) => into.writeUInt8(value ? 1 : 0, at)
}

/** Eight bytes of a number within 2^53. */
const writeLong = (value: number, into: Buffer, at: number): number => {
  const high = Math.floor(value / 2 ** 32)
  into.writeInt32BE(high, at)
  return into.writeUInt32BE(value - high * 2 ** 32, at + 4)
}

export const bigint: ElementType<bigint | number> = {
  oid: 20,
  room: () => 8,
  write: (value, into, at) => {
    const near = Number(value)
    if (Number.isSafeInteger(near)) return writeLong(near, into, at)
    if (typeof value === "number" || BigInt.asIntN(64, value) !== value) return -1
    return into.writeBigInt64BE(value, at)
  }
}

/** Postgres counts from the year 2000, in microseconds. */
const epochMs = Date.UTC(2000)

/** Of this and the following centuries; what lies beyond goes as text, for Postgres to judge. */
const isOfCalendar = (ms: number): boolean => ms >= 0 && ms < Date.UTC(3000)

/** Epoch milliseconds. */
export const timestamptz: ElementType<number> = {
  oid: 1184,
  room: () => 8,
  write: (value, into, at) =>
    isOfCalendar(value) ? writeLong((Math.floor(value) - epochMs) * 1000, into, at) : -1,
  print: timestamp
}
