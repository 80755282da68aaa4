import type { Generated } from "kysely"

interface Products {
  readonly sku: string
  readonly listed: boolean
}

interface Carts {
  readonly account: string
  /** JSON, which the driver has parsed. */
  readonly lines: unknown
  readonly updated_at: Generated<number>
}

/** The tables as Kysely sees them, with the columns that plain reads ask for. */
export interface Tables {
  readonly "catalog.products": Products
  readonly "catalog.carts": Carts
}
