import { createReadStream } from "node:fs"
import type { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import * as Effect from "effect/Effect"
import { decodeLine, isFlaw } from "./decodeLine.ts"
import { HistoryInvalid, HistoryUnreadable } from "./errors.ts"
import type { Recorded } from "./Timeline.ts"

/** Operations by SKU, in the order of the file. */
export type History = ReadonlyMap<string, ReadonlyArray<Recorded>>

const textOf = (file: string): Readable => {
  const raw = createReadStream(file)
  const text = file.endsWith(".gz")
    ? raw.on("error", (cause) => void text.destroy(cause)).pipe(createGunzip())
    : raw
  return text.setEncoding("utf8")
}

const unreadable = (file: string, cause: unknown): HistoryUnreadable => {
  const isMissing = (cause as { readonly code?: unknown }).code === "ENOENT"
  const detail = cause instanceof Error ? cause.message : String(cause)
  return new HistoryUnreadable({ file, detail: isMissing ? "there is no such file" : detail })
}

const byCall = ({ operation: a }: Recorded, { operation: b }: Recorded): number => {
  if (a.callNs !== b.callNs) return a.callNs < b.callNs ? -1 : 1
  const [aRet, bRet] = [a.retNs ?? a.callNs, b.retNs ?? b.callNs]
  return aRet === bRet ? 0 : aRet < bRet ? -1 : 1
}

/**
 * A client does one thing with a SKU at a time. If two of its operations overlap, the stamps are
 * wrong or two clients share a name, and no verdict over them would be worth anything. Nobody waits
 * for the end of an unknown one.
 */
const refuseOverlaps = (file: string, history: ReadonlyArray<Recorded>): void => {
  const known = history.filter(({ operation }) => !operation.unknown)
  const clients = Map.groupBy(known, ({ operation }) => operation.client)
  for (const [client, own] of clients) {
    let last: Recorded | undefined
    for (const recorded of own.toSorted(byCall)) {
      if (last !== undefined && recorded.operation.callNs < (last.operation.retNs ?? 0n)) {
        const reason =
          `client ${client} was still at its operation of line ${last.line} on ` +
          `${recorded.operation.sku}: one client does one thing at a time`
        throw new HistoryInvalid({ file, line: recorded.line, field: "call_ns", reason })
      }
      last = recorded
    }
  }
}

/** Takes text in pieces of any size. */
const lineReader = (file: string) => {
  const history = new Map<string, Array<Recorded>>()
  let rest = ""
  let line = 0
  const take = (text: string) => {
    line++
    const operation = decodeLine(text)
    if (isFlaw(operation)) throw new HistoryInvalid({ file, line, ...operation })
    const recorded = { line, operation }
    const own = history.get(operation.sku)
    if (own === undefined) history.set(operation.sku, [recorded])
    else own.push(recorded)
  }
  return {
    push: (piece: string) => {
      const lines = (rest + piece).split("\n")
      rest = lines.pop() ?? ""
      for (const text of lines) take(text)
    },
    end: (): History => {
      if (rest !== "") take(rest)
      const reason = "there is no operation in the file"
      if (line === 0) throw new HistoryInvalid({ file, line: 1, field: null, reason })
      for (const own of history.values()) refuseOverlaps(file, own)
      return history
    }
  }
}

/** Reads a history (`.gz` is unpacked on the way). One wrong line, and nothing is judged. */
export const readHistory = (
  file: string
): Effect.Effect<History, HistoryInvalid | HistoryUnreadable> =>
  Effect.tryPromise({
    try: async () => {
      const reader = lineReader(file)
      for await (const piece of textOf(file)) reader.push(piece as string)
      return reader.end()
    },
    catch: (cause) => (cause instanceof HistoryInvalid ? cause : unreadable(file, cause))
  })
