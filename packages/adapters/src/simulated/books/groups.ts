/** Rows of each key, in the order they come. */
export const grouped = <R, K, A>(
  rows: Iterable<R>,
  keyOf: (row: R) => K,
  read: (row: R) => A
): Map<K, Array<A>> => {
  const groups = new Map<K, Array<A>>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [read(row)])
    else group.push(read(row))
  }
  return groups
}

/** Rows by their id. */
export const indexed = <R, K, A>(
  rows: Iterable<R>,
  keyOf: (row: R) => K,
  read: (row: R) => A
): Map<K, A> => {
  const found = new Map<K, A>()
  for (const row of rows) found.set(keyOf(row), read(row))
  return found
}
