/** Rows of stock and orders that somebody changes by hand, and what an audit has to say to it. */
import { OrderState } from "@doorbuster/core/order/OrderState"

/** Name of the invariant, key, left and right side; `*` stands for any text, once. */
export type Finding = readonly [invariant: string, key: string, left: string, right: string]

export interface Tampering {
  readonly name: string
  /** Changes one row. Names in braces are explained by `idsByName`. */
  readonly sql: string
  /** Told by the audit, among other things perhaps. */
  readonly finds: ReadonlyArray<Finding>
  /** The constraint that does not even let it happen. */
  readonly forbiddenBy: string | null
  /** What puts the schema in order again; rows are put back anyway. */
  readonly undo: string
}

export const found = (name: string, sql: string, ...finds: ReadonlyArray<Finding>): Tampering => ({
  name,
  sql,
  finds,
  forbiddenBy: null,
  undo: ""
})

export const forbidden = (name: string, sql: string, forbiddenBy: string): Tampering => ({
  name,
  sql,
  finds: [],
  forbiddenBy,
  undo: ""
})

const setStock = (what: string) => `update inventory.stock set ${what} where sku = 'TEAPOT'`

const setMovement = (what: string) => `update inventory.movements set ${what} where sku = 'TEAPOT'`

const setReservation = (what: string, story = "paid", sku = "TEAPOT") =>
  `update inventory.reservations set ${what} where order_id = '{${story}}' and sku = '${sku}'`

const nobody = "00000000-0000-7000-8000-000000000001"

const setReturn = (what: string) => `update inventory.returns set ${what} where sku = 'TEAPOT'`

const strayReturn = (sku: string) =>
  `insert into inventory.returns (return_id, sku, segment, order_id, quantity)
    values ('${nobody}', '${sku}', 0, '{limited}', 1)`

const returned = (key: string, units: number, right: string): Finding => [
  "stock.conserved",
  `${key}/0`,
  `returned: ${units}`,
  right
]

const soldBut = (right: string): Finding => ["stock.conserved", "TEAPOT/0", "sold: 5", right]

export const stockTamperings: ReadonlyArray<Tampering> = [
  found("a unit more is received", setStock("received = received + 1"), [
    "stock.explained",
    "TEAPOT",
    "received: 11",
    "10"
  ]),
  found("a unit less is received", setStock("received = received - 1"), [
    "stock.explained",
    "TEAPOT",
    "received: 9",
    "10"
  ]),
  found("a unit more is reserved", setStock("reserved = reserved + 1"), [
    "stock.conserved",
    "TEAPOT/0",
    "reserved: 1",
    "0"
  ]),
  forbidden("a unit less is reserved", setStock("reserved = -1"), "reserved_is_not_negative"),
  found("a unit more is sold", setStock("sold = sold + 1"), [
    "stock.conserved",
    "TEAPOT/0",
    "sold: 6",
    "5"
  ]),
  found("a unit less is sold", setStock("sold = sold - 1"), [
    "stock.conserved",
    "TEAPOT/0",
    "sold: 4",
    "5"
  ]),
  forbidden("less is received than sold", setStock("received = 4"), "never_oversold"),
  found("a stock row is deleted", "delete from inventory.stock where sku = 'TEAPOT'", [
    "stock.explained",
    "TEAPOT",
    "received: 0",
    "10"
  ]),
  found("a movement's quantity", setMovement("quantity = 11"), [
    "stock.explained",
    "TEAPOT",
    "received: 10",
    "11"
  ]),
  found("a movement's quantity, below what was sold", setMovement("quantity = 3"), [
    "stock.never_oversold",
    "TEAPOT",
    "committed and not returned: 5",
    "units received: 3"
  ]),
  found("a movement is deleted", "delete from inventory.movements where sku = 'CUP'", [
    "stock.explained",
    "CUP",
    "received: 10",
    "0"
  ]),
  found("a reservation's quantity", setReservation("quantity = 2"), soldBut("6"), [
    "paid.goods",
    "{paid}/TEAPOT",
    "committed: 2",
    "1"
  ]),
  found(
    "a committed reservation is held again",
    setReservation("state = 'held'"),
    ["stock.conserved", "TEAPOT/0", "reserved: 0", "1"],
    ["reservation.lives", "{paid}/TEAPOT", "held", "an open saga that holds it"],
    ["paid.goods", "{paid}/TEAPOT", "committed: 0", "1"]
  ),
  found("a committed reservation is released", setReservation("state = 'released'"), soldBut("4")),
  found("a committed reservation is expired", setReservation("state = 'expired'"), soldBut("4")),
  found(
    "a released reservation is committed",
    setReservation("state = 'committed'", "declined"),
    soldBut("6"),
    ["paid.goods", "{declined}/TEAPOT", "committed: 1", "0"]
  ),
  found("a released reservation is held", setReservation("state = 'held'", "declined"), [
    "reservation.lives",
    "{declined}/TEAPOT",
    "held",
    "an open saga that holds it"
  ]),
  forbidden(
    "a returned reservation is released",
    setReservation("state = 'released'", "refunded"),
    "only_sold_units_return"
  ),
  found("a unit more is given back", setReservation("returned = 1"), soldBut("4")),
  found("a unit less is given back", setReservation("returned = 0", "refunded"), soldBut("6")),
  forbidden(
    "more is given back than was sold",
    setReservation("returned = 2", "refunded"),
    "returned_is_within_quantity"
  ),
  found("a return's quantity", setReturn("quantity = 2"), returned("TEAPOT", 1, "2")),
  found(
    "a return is given to another SKU",
    setReturn("sku = 'RARE'"),
    returned("TEAPOT", 1, "0"),
    returned("RARE", 0, "1")
  ),
  found(
    "a return is deleted",
    "delete from inventory.returns where sku = 'TEAPOT'",
    returned("TEAPOT", 1, "0")
  ),
  found("a return that nobody made", strayReturn("RARE"), returned("RARE", 0, "1")),
  found("a return of what nobody stocks", strayReturn("GHOST"), returned("GHOST", 0, "1")),
  found(
    "a reservation is deleted",
    "delete from inventory.reservations where order_id = '{paid}' and sku = 'TEAPOT'",
    soldBut("4"),
    ["paid.goods", "{paid}/TEAPOT", "committed: 0", "1"]
  ),
  found("a reservation is given to another SKU", setReservation("sku = 'RARE'"), [
    "paid.goods",
    "{paid}/RARE",
    "committed: 1",
    "0"
  ]),
  found(
    "a reservation is given to an order that is not",
    setReservation(`order_id = '${nobody}'`),
    ["paid.goods", `${nobody}/TEAPOT`, "committed: 1", "0"]
  ),
  found("a coupon is used twice", setReservation("quantity = 2", "coupon", "coupon:HALF"), [
    "coupon.within_limit",
    "coupon:HALF",
    "committed and not returned: 2",
    "uses allowed: 1"
  ]),
  found(
    "an account buys beyond its limit",
    setReservation("quantity = 3", "limited", "limit:RARE:acc_limited"),
    [
      "purchase.within_limit",
      "limit:RARE:acc_limited",
      "committed and not returned: 3",
      "units allowed: 2"
    ]
  )
]

/** One order in each state. */
const inState = {
  paid: "paid",
  shipped: "shipped",
  completed: "completed",
  refunded: "refunded",
  declined: "canceled"
}

/** Every state to every other one. */
export const stateTamperings: ReadonlyArray<Tampering> = Object.entries(inState).flatMap(
  ([story, state]) =>
    OrderState.literals
      .filter((to) => to !== state)
      .map((to) =>
        found(
          `a ${state} order is said to be ${to}`,
          `update orders.orders set state = '${to}' where order_id = '{${story}}'`,
          ["order.legal", `{${story}}`, `state: ${to}`, state]
        )
      )
)
