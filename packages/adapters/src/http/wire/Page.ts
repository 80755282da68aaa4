import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

export const pageDefault = 50

/** How many entries a page may have, as it stands in a query: "1" to "200". */
export const Limit = Schema.String.check(
  Schema.isPattern(/^(?:[1-9]\d?|1\d\d|200)$/, { expected: "a whole number from 1 to 200" })
).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform<number, string>({ decode: Number, encode: String })
  )
)

/** One page, and what to send to get the next; null on the last one. */
export const page = <A>(
  entries: ReadonlyArray<A>,
  limit: number,
  keyOf: (entry: A) => string
): { readonly entries: ReadonlyArray<A>; readonly next: string | null } => {
  const shown = entries.slice(0, limit)
  const last = shown.at(-1)
  return { entries: shown, next: entries.length > limit && last !== undefined ? keyOf(last) : null }
}
