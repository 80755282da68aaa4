type Columns = ReadonlyArray<ReadonlyArray<unknown>>
type RowsOf<T extends Columns> = ReadonlyArray<{ readonly [K in keyof T]: T[K][number] }>

/** The rows of arrays side by side. Postgres pads the shorter ones; the store sends none such. */
export const unnest = <T extends Columns>(...columns: T): RowsOf<T> => {
  const length = columns[0]?.length ?? 0
  if (columns.some((column) => column.length !== length)) {
    throw new TypeError("arrays of unequal length are not simulated")
  }
  const rows = Array.from({ length }, (_, at) => columns.map((column) => column[at]))
  return rows as unknown as RowsOf<T>
}
