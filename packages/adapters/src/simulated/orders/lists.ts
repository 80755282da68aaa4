import type { Handler } from "../Execution.ts"
import { asText, asTime, asUuid } from "../parameters.ts"
import { type Filter, listStatements } from "./listing.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import { orderAnswer } from "./readingStatements.ts"
import type { OrderRow, SagaRow } from "./rows.ts"
import { sagaAnswer } from "./sagaAnswer.ts"

const orderFilters: ReadonlyArray<Filter<OrderRow>> = [
  {
    name: "account",
    of: (value) => {
      const account = asText(value)
      return { index: ["orders_of_account", account], keeps: (row) => row.account === account }
    }
  },
  {
    name: "external_ref",
    of: (value) => {
      const reference = asText(value)
      const index = ["orders_of_reference", reference] as const
      return { index, keeps: (row) => row.externalRef === reference }
    }
  },
  {
    name: "state",
    of: (value) => {
      const state = asText(value)
      return { keeps: (row) => row.state === state }
    }
  },
  {
    name: "before",
    of: (value) => {
      const orderId = asUuid(value)
      return { keeps: (row) => row.orderId < orderId }
    }
  }
]

const openSagas = ["open_sagas", "open"] as const

const sagaFilters: ReadonlyArray<Filter<SagaRow>> = [
  {
    name: "state",
    of: (value) => {
      const state = asText(value)
      const keeps = (row: SagaRow) => row.state === state
      return state === "open" ? { index: openSagas, keeps } : { keeps }
    }
  },
  {
    name: "order",
    of: (value) => {
      const orderId = asUuid(value)
      return { index: ["of_order", orderId], keeps: (row) => row.orderId === orderId }
    }
  },
  {
    name: "stuck",
    of: (value) => {
      const at = asTime(value)
      return { index: openSagas, keeps: (row) => row.state === "open" && row.deadlineAt < at }
    }
  }
]

/** The statements whose names and texts are made from a query's filters. */
export const lists = ({
  orders,
  sagas
}: OrdersTables): ReadonlyArray<readonly [name: string, Handler]> => [
  ...listStatements({
    table: orders,
    prefix: "orders.orders.list",
    filters: orderFilters,
    descending: true,
    answer: orderAnswer
  }),
  ...listStatements({
    table: sagas,
    prefix: "orders.sagas.list",
    filters: sagaFilters,
    descending: false,
    answer: sagaAnswer
  })
]
