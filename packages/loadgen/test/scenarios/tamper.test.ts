/**
 * Somebody changes one row by hand, past the triggers. Where no constraint forbids it, the audit
 * names the invariant, the key and both sides; without the change it finds nothing.
 */
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Console from "../../../../test/servers/Console.ts"
import * as Ground from "../../src/crash/GroundPostgres.ts"
import { migratedDatabase } from "../support/migratedDatabase.ts"
import { ledgerTamperings } from "./ledgerTamperings.ts"
import { orderTamperings } from "./orderTamperings.ts"
import { paymentTamperings } from "./paymentTamperings.ts"
import { receiptTamperings } from "./receiptTamperings.ts"
import * as Shop from "./tamperedShop.ts"
import { type Finding, stateTamperings, stockTamperings, type Tampering } from "./tamperings.ts"
import * as World from "./world.ts"

interface Tried {
  readonly forbiddenBy: string | null
  readonly violations: ReturnType<typeof World.violations>
}

/** A shop in good order that can be tampered with and is put in order again each time. */
class TamperedShop extends Context.Service<
  TamperedShop,
  {
    readonly named: (text: string) => string
    readonly tryOut: (tampering: Tampering) => Effect.Effect<Tried, unknown>
  }
>()("@doorbuster/loadgen/test/scenarios/TamperedShop") {}

const backedUp = (table: string) => `backup."${table}"`

const shop = Layer.effect(
  TamperedShop,
  Effect.gen(function* () {
    const { connection, url } = yield* migratedDatabase
    const console = yield* Console.open({ connectionString: url })
    const ground = Ground.postgres(connection)
    const { ids, world } = yield* Shop.open(ground, console)
    const named = yield* Shop.idsByName(console, ids)
    const tables = yield* Console.storeTables(console)
    const copies = tables.map((table) => `create table ${backedUp(table)} as table ${table}`)
    yield* console.query(`create schema backup; ${copies.join("; ")}`)
    const putBack = (sql: string) =>
      tables
        .filter((table) => sql.includes(table))
        .map((table) => `delete from ${table}; insert into ${table} table ${backedUp(table)}`)
        .join("; ")

    const tryOut = Effect.fnUntraced(function* ({ sql, undo }: Tampering) {
      const forbiddenBy = yield* console.attempt(named(sql))
      const tampered = yield* World.judge(world)
      yield* console.query(`${putBack(sql)}; ${undo}`)
      const mended = yield* World.judge(world)
      assert.deepStrictEqual(World.violations(mended), [], "put in order again")
      return { forbiddenBy, violations: World.violations(tampered) }
    })
    return TamperedShop.of({ named, tryOut })
  })
)

const matches = (pattern: string, text: string): boolean => {
  const [start = "", ...rest] = pattern.split("*")
  return rest.length === 0
    ? text === pattern
    : text.startsWith(start) && text.endsWith(rest.at(-1) ?? "")
}

const tamperings = [
  ...stockTamperings,
  ...stateTamperings,
  ...orderTamperings,
  ...paymentTamperings,
  ...receiptTamperings,
  ...ledgerTamperings
]

layer(shop, { excludeTestServices: true, timeout: "60 seconds" })("An audit", (it) => {
  it.effect.each(tamperings)("finds, where it is possible at all: $name", (tampering) =>
    Effect.gen(function* () {
      const { named, tryOut } = yield* TamperedShop
      const { forbiddenBy, violations } = yield* tryOut(tampering)
      assert.strictEqual(forbiddenBy, tampering.forbiddenBy)
      const isTold = (finding: Finding) => {
        const [name, key, left, right] = finding.map(named)
        return violations.some(
          (told) =>
            told.name === name &&
            told.key === key &&
            matches(`${left}`, told.left) &&
            matches(`${right}`, told.right)
        )
      }
      const missed = tampering.finds.filter((finding) => !isTold(finding))
      assert.deepStrictEqual(missed, [], JSON.stringify(violations, null, 2))
    })
  )
})
