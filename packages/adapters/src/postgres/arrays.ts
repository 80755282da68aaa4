/** Arrays as parameters, by the type of the column they are meant for. */
import * as Parameter from "./ArrayParameter.ts"

const of =
  <A>(type: Parameter.ElementType<A>) =>
  (values: ReadonlyArray<A | null>): Parameter.ArrayParameter<A> =>
    new Parameter.ArrayParameter(type, values)

export const uuidArray = of(Parameter.uuid)
export const textArray = of(Parameter.text)
export const booleanArray = of(Parameter.boolean)
export const smallintArray = of(Parameter.smallint)
export const integerArray = of(Parameter.integer)
/** Units, and minor units of money. */
export const bigintArray = of(Parameter.bigint)
/** Epoch milliseconds as `timestamptz[]`. */
export const timestampArray = of(Parameter.timestamptz)

/** Numbers, booleans, UUIDs or timestamps of any type, of which some may be null; as text. */
export const nullableArray = (
  values: ReadonlyArray<number | bigint | boolean | string | null>
): string => `{${values.map((value) => value ?? "NULL").join(",")}}`
