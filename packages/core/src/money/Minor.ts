/**
 * Money is a whole number of minor units. `bigint`, because TypeScript then refuses to
 * multiply it by a float: "square to the penny" is a property of the type.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

export const Minor = Schema.BigInt.pipe(Schema.brand("Minor"))
export type Minor = typeof Minor.Type

/** Brands a bigint without any check: for amounts that arithmetic has just produced. */
export const minor = (amount: bigint): Minor => amount as Minor

export const zero: Minor = minor(0n)

/** The largest amount, on either side of zero, that a JSON integer carries exactly. */
export const minorMax: Minor = minor(BigInt(Number.MAX_SAFE_INTEGER))

/** Whether the amount survives the way through a JSON integer. */
export const isWireSafe = (amount: bigint): boolean => amount <= minorMax && amount >= -minorMax

const SafeInteger = Schema.Finite.check(
  Schema.makeFilter((value: number) => Number.isSafeInteger(value), {
    expected: "a whole number of minor units between -(2^53 - 1) and 2^53 - 1"
  })
)

/** The wire form: a JSON integer. Fractions and anything beyond 2^53 - 1 are refused, both ways. */
export const MinorFromNumber = SafeInteger.pipe(
  Schema.decodeTo(
    Minor,
    SchemaTransformation.transform<bigint, number>({
      decode: (value) => minor(BigInt(value)),
      encode: (amount) => Number(amount)
    })
  )
)

/** The storage form: a decimal string without bound, for documents that must outlive 2^53. */
export const MinorFromString = Schema.BigIntFromString.pipe(Schema.brand("Minor"))
