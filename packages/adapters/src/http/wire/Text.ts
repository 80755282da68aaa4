import * as Schema from "effect/Schema"

/**
 * Text that people read, at most `maximum` UTF-16 code points long. Control characters and half
 * surrogates are refused: a database cannot store the one, JSON cannot carry the other.
 */
export const text = (maximum: number) =>
  Schema.String.check(
    Schema.isPattern(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${maximum}}$`, "u"), {
      expected: `1 to ${maximum} characters without control characters`
    })
  )

/** A reference of somebody else's making: 1 to 128 visible ASCII characters. */
export const Reference = Schema.String.check(
  Schema.isPattern(/^[!-~]{1,128}$/, { expected: "1 to 128 visible ASCII characters, no spaces" })
)
