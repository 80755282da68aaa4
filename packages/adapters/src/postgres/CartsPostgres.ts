import { Cart, emptyCart, withLine, withoutLine } from "@doorbuster/core/cart/Cart"
import { Carts } from "@doorbuster/core/cart/Carts"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { CatalogDatabase, type Database, type Statement } from "./Database.ts"

const put: Statement = {
  name: "carts_put",
  text: `insert into catalog.carts (account, lines) values ($1, $2::json)
    on conflict (account) do update set lines = excluded.lines, updated_at = now()`
}

/** Leaves a row that can be locked, whether there was a cart or not. */
const ensure: Statement = {
  name: "carts_ensure",
  text: "insert into catalog.carts (account, lines) values ($1, '[]') on conflict do nothing"
}

/** Two tabs of one account change their cart one after the other. */
const lock: Statement = {
  name: "carts_lock",
  text: "select lines from catalog.carts where account = $1 for update"
}

const remove: Statement = {
  name: "carts_remove",
  text: "delete from catalog.carts where account = $1"
}

const decode = Schema.decodeUnknownSync(Cart)

const cartOf = (row: { readonly lines?: unknown } | undefined): Cart =>
  row === undefined ? emptyCart : decode({ lines: row.lines })

const read = (database: Database, account: AccountId) =>
  database
    .read("carts.get", (kysely) =>
      kysely
        .selectFrom("catalog.carts")
        .select("lines")
        .where("account", "=", account)
        .executeTakeFirst()
    )
    .pipe(Effect.map(cartOf))

const change = (database: Database, account: AccountId, edit: (cart: Cart) => Cart) =>
  database.transaction("carts.change", (transaction) =>
    Effect.gen(function* () {
      const [, [row] = []] = yield* transaction.flight([
        [ensure, [account]],
        [lock, [account]]
      ])
      const cart = edit(cartOf(row))
      yield* transaction.finish(put, [account, JSON.stringify(cart.lines)])
      return cart
    })
  )

/** Carts in the catalogue's database, for a store without Redis. */
export const layer: Layer.Layer<Carts, never, CatalogDatabase> = Layer.effect(
  Carts,
  Effect.gen(function* () {
    const database = yield* CatalogDatabase
    return Carts.of({
      get: (account) => read(database, account),
      put: (account, lines) =>
        Effect.asVoid(database.query("carts.put", put, [account, JSON.stringify(lines)])),
      setLine: (account, line) => change(database, account, (cart) => withLine(cart, line)),
      removeLine: (account, sku) => change(database, account, (cart) => withoutLine(cart, sku)),
      delete: (account) => Effect.asVoid(database.query("carts.delete", remove, [account]))
    })
  })
)
