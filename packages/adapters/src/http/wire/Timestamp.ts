import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

const shape = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Refuses 30 February, which `Date.parse` takes for a day in March. */
const isMoment = (iso: string): boolean => {
  const [, year, month, day] = shape.exec(iso) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCDate() === Number(day) && Date.parse(iso) >= 0
}

/** ISO 8601 with an offset, 1970 to 9999; epoch milliseconds inside. */
export const Timestamp = Schema.String.check(
  Schema.isPattern(shape, { expected: 'a moment such as "2026-11-11T00:00:00Z"' }),
  Schema.makeFilter(isMoment, { expected: "a moment that exists, 1970 or later" })
).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform<number, string>({
      decode: (iso) => Date.parse(iso),
      encode: (ms) => new Date(ms).toISOString()
    })
  )
)

const aheadMsMax = 24 * 60 * 60_000

/** When something happened that staff tells of: a day ahead at most, for clocks that differ. */
export const Occurred = Timestamp.check(
  Schema.makeFilter((at: number) => at <= Date.now() + aheadMsMax, {
    expected: "a moment that has come, give or take a day"
  })
)

export const iso = (epochMs: number): string => new Date(epochMs).toISOString()
