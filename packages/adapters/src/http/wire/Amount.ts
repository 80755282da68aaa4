import type { Minor } from "@doorbuster/core/money/Minor"
import * as Schema from "effect/Schema"

/** Money as an answer carries it: a JSON integer of minor units. */
export const Amount = Schema.Int.annotate({ description: "Whole minor units of the currency" })

/** Amounts in answers come from totals that were refused beyond 2^53 - 1, so this is exact. */
export const amount = (minor: Minor): number => Number(minor)
