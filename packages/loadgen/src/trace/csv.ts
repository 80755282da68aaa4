/**
 * Comma-separated values as RFC 4180 has them: fields may be quoted, a quoted field may hold
 * commas, line breaks and doubled quotes. Files come whole or compressed, and are read in pieces.
 */
import { createReadStream } from "node:fs"
import type { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import * as Effect from "effect/Effect"
import { isTraceError, type TraceError, TraceInvalid, TraceUnreadable } from "./errors.ts"

/** One record and the line of the file that it begins on, counted from 1. */
export type OnRecord = (fields: ReadonlyArray<string>, line: number) => void

/** Splits one record. Undefined when a quoted field is still open or is followed by more text. */
const fieldsOf = (record: string): ReadonlyArray<string> | undefined => {
  if (!record.includes('"')) return record.split(",")
  const fields: Array<string> = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy
  for (;;) {
    const match = pattern.exec(record)
    if (match === null) return undefined
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "")
    if (match[3] === "") return fields
  }
}

const isOpen = (record: string): boolean => {
  let quotes = 0
  for (let at = record.indexOf('"'); at >= 0; at = record.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}

/** Spreadsheets like to put it at the beginning. */
const byteOrderMark = "\uFEFF"

/** Takes text in pieces of any size and tells each record once it is complete. */
const recordReader = (file: string, onRecord: OnRecord) => {
  let rest = ""
  let line = 0
  let pending: { text: string; readonly line: number } | undefined
  const take = (text: string) => {
    line++
    const own = line === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text
    const record = pending === undefined ? { text: own, line } : pending
    if (pending !== undefined) pending.text += `\n${text}`
    pending = isOpen(record.text) ? record : undefined
    if (pending !== undefined || record.text === "") return
    const fields = fieldsOf(record.text)
    if (fields === undefined) {
      throw new TraceInvalid({ file, line: record.line, detail: "a quote is out of place" })
    }
    onRecord(fields, record.line)
  }
  return {
    push: (piece: string) => {
      const lines = (rest + piece).split("\n")
      rest = lines.pop() ?? ""
      for (const text of lines) take(text.endsWith("\r") ? text.slice(0, -1) : text)
    },
    end: () => {
      if (rest !== "") take(rest)
      if (pending === undefined) return
      const detail = "a quoted field is never closed; is the file complete?"
      throw new TraceInvalid({ file, line: pending.line, detail })
    }
  }
}

const textOf = (file: string): Readable => {
  const raw = createReadStream(file)
  const text = file.endsWith(".gz")
    ? raw.on("error", (cause) => void text.destroy(cause)).pipe(createGunzip())
    : raw
  return text.setEncoding("utf8")
}

const unreadable = (file: string, cause: unknown): TraceUnreadable => {
  if ((cause as { readonly code?: unknown }).code === "ENOENT") {
    return new TraceUnreadable({ file, detail: "there is no such file" })
  }
  const detail = cause instanceof Error ? cause.message : String(cause)
  return new TraceUnreadable({ file, detail })
}

/** Reads a file (`.gz` is unpacked on the way). What `onRecord` throws as an error is the error. */
export const readCsv = (file: string, onRecord: OnRecord): Effect.Effect<void, TraceError> =>
  Effect.tryPromise({
    try: async () => {
      const reader = recordReader(file, onRecord)
      for await (const piece of textOf(file)) reader.push(piece as string)
      reader.end()
    },
    catch: (cause) => (isTraceError(cause) ? cause : unreadable(file, cause))
  })

/** Finds columns by their names, so that their order is free and further ones do not matter. */
export const columnsOf = <Name extends string>(
  file: string,
  header: ReadonlyArray<string>,
  names: ReadonlyArray<Name>
): ReadonlyArray<number> =>
  names.map((name) => {
    const index = header.indexOf(name)
    if (index >= 0) return index
    const detail = `there is no column "${name}"; the columns are ${header.join(", ")}`
    throw new TraceInvalid({ file, line: 1, detail })
  })
