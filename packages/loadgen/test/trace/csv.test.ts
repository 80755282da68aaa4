import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readCsv } from "../../src/trace/csv.ts"

const directory = mkdtempSync(join(tmpdir(), "doorbuster-csv-"))
afterAll(() => rmSync(directory, { recursive: true }))

const read = Effect.fnUntraced(function* (text: string, name = "file.csv") {
  const file = join(directory, name)
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text)
  const records: Array<readonly [number, ReadonlyArray<string>]> = []
  yield* readCsv(file, (fields, line) => void records.push([line, fields]))
  return records
})

describe("a comma-separated file", () => {
  it.effect("keeps commas, quotes and line breaks of quoted fields", () =>
    Effect.gen(function* () {
      const records = yield* read('a,"b, c",d\n"say ""hi""","two\nlines",\n,,\n')
      assert.deepStrictEqual(records, [
        [1, ["a", "b, c", "d"]],
        [2, ['say "hi"', "two\nlines", ""]],
        [4, ["", "", ""]]
      ])
    })
  )

  it.effect("reads the same with Windows line ends, a byte order mark or no last line end", () =>
    Effect.gen(function* () {
      const plain = yield* read("a,b\nc,d\n")
      assert.deepStrictEqual(yield* read("\uFEFFa,b\r\nc,d\r\n"), plain)
      assert.deepStrictEqual(yield* read("a,b\nc,d"), plain)
    })
  )

  it.effect("is unpacked where its name says so, piece by piece", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 20_000 }, (_, index) => `${index},größe ${index}`)
      const records = yield* read(rows.join("\n"), "file.csv.gz")
      assert.deepStrictEqual(
        records.map(([, fields]) => fields.join(",")),
        rows
      )
    })
  )

  it.effect("is refused, with its line, where a quote is out of place", () =>
    Effect.gen(function* () {
      const misplaced = yield* Effect.flip(read('a,b\nc,"d"e"f"\n'))
      assert.match(misplaced.message, /file\.csv, line 2: a quote is out of place/)
      const open = yield* Effect.flip(read('a,b\nc,"d\ne,f\n'))
      assert.match(open.message, /line 2: a quoted field is never closed/)
    })
  )

  it.effect("is refused where it is missing or not what its name says", () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(readCsv(join(directory, "none.csv"), () => {}))
      assert.match(missing.message, /none\.csv cannot be read: there is no such file/)
      const file = join(directory, "plain.csv.gz")
      writeFileSync(file, "a,b\n")
      const damaged = yield* Effect.flip(readCsv(file, () => {}))
      assert.strictEqual(damaged._tag, "TraceUnreadable")
    })
  )
})
