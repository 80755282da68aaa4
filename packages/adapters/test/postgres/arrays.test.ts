/**
 * Goal: an array arrives at Postgres as it was, whichever of its two forms it travels in.
 * Method: each array is sent as the store sends it, beside its own text; Postgres compares the two.
 */
import * as arrays from "@doorbuster/adapters/postgres/arrays"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createDatabase } from "../../../../test/servers/database.ts"
import { connection } from "./testDatabase.ts"

const withDatabase = Effect.gen(function* () {
  const { url } = yield* Effect.acquireRelease(
    Effect.promise(() => createDatabase()),
    ({ drop }) => Effect.promise(drop)
  )
  return yield* Database.make({ ...connection(url), poolMax: 1 })
})

const compare = (type: string) => ({
  name: `compare_${type}`,
  text: `select $1::${type}[] is not distinct from $2::text::${type}[] as same,
    coalesce(array_length($1::${type}[], 1), 0) as length`
})

const long = 'Lamp, "red" \\ {grün} '.repeat(400)
const id = "01a21676-f812-7513-80e3-98eaaa52a6df"
const texts = ["", "null", "NULL", "a b", "{1,2}", 'say "no"', "back\\slash", "é", "😀", long]

const samples: ReadonlyArray<readonly [type: string, array: object, length: number]> = [
  ["text", arrays.textArray([...texts, null]), texts.length + 1],
  ["text", arrays.textArray([]), 0],
  ["text", arrays.textArray(Array.from({ length: 300 }, () => long)), 300],
  ["uuid", arrays.uuidArray([id, null, id.toUpperCase()]), 3],
  ["boolean", arrays.booleanArray([true, false, null]), 3],
  ["smallint", arrays.smallintArray([0, 32_767, -32_768, null]), 4],
  ["integer", arrays.integerArray([0, -1, 2 ** 31 - 1, -(2 ** 31), null]), 5],
  ["bigint", arrays.bigintArray([0, -1, 2 ** 53 - 1, -(2 ** 40), null]), 5],
  ["bigint", arrays.bigintArray([2n ** 63n - 1n, -(2n ** 63n), 49_900n, -1n]), 4],
  ["timestamptz", arrays.timestampArray([0, 1, 946_684_799_999, 1_780_000_000_123.9, null]), 5],
  ["timestamptz", arrays.timestampArray([-1, 0]), 2]
]

describe("An array parameter", () => {
  it.live("says in both of its forms the same", () =>
    Effect.gen(function* () {
      const database = yield* withDatabase
      for (const [type, array, length] of samples) {
        const parameters = [array, `${array}`]
        const rows = yield* database.query("test", compare(type), parameters)
        assert.deepStrictEqual(rows, [{ same: true, length }], `${type}[]`)
      }
    }).pipe(Effect.scoped)
  )

  it.live("leaves it to Postgres to refuse what is no value of its type", () =>
    Effect.gen(function* () {
      const database = yield* withDatabase
      const refused = [
        ["uuid", arrays.uuidArray([id, "no id"])],
        ["uuid", arrays.uuidArray([id.replaceAll("-", "+")])],
        ["uuid", arrays.uuidArray([id.replace("a", "g")])],
        ["smallint", arrays.smallintArray([32_768])],
        ["integer", arrays.integerArray([1, 2 ** 31])],
        ["integer", arrays.integerArray([0.5])],
        ["bigint", arrays.bigintArray([2n ** 63n])],
        ["timestamptz", arrays.timestampArray([Number.MAX_SAFE_INTEGER * 1000])],
        ["text", arrays.textArray([`nul${String.fromCharCode(0)}`])]
      ] as const
      for (const [type, array] of refused) {
        const error = yield* Effect.flip(database.query("test", compare(type), [array, "{}"]))
        assert.strictEqual(error.reason, "bad_value", `${array}`)
      }
    }).pipe(Effect.scoped)
  )
})
