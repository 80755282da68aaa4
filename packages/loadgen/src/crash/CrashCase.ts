/**
 * The name of a case. In virtual time `checkout-approved/8:after/3:before`, calls counted from 1;
 * in real time `checkout-approved/Payments.send#1:after`, each kind of call counted for itself.
 */
import { type Fault, faultModes } from "@doorbuster/adapters/faults/ProcessFaults"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { checkoutScenarios } from "./checkoutScenarios.ts"
import { paidScenarios } from "./paidScenarios.ts"
import type { Faulted } from "./play.ts"
import type { Scenario } from "./Scenario.ts"

export const scenarios: ReadonlyArray<Scenario> = [...checkoutScenarios, ...paidScenarios]

/** A whole scenario, or one case of it. */
export interface Only {
  readonly scenario: Scenario
  /** Null: all of its cases. */
  readonly faulted: Faulted | null
}

/** A case as another thread is told of it. */
export interface CaseName {
  readonly scenario: string
  readonly faulted: Faulted
}

/** No case has this name. */
export class UnknownCase extends Schema.TaggedError<UnknownCase>()("UnknownCase", {
  given: Schema.String,
  expected: Schema.String
}) {
  override get message() {
    return `there is no case "${this.given}": expected ${this.expected}`
  }
}

/** Which call: `8`, or `Payments.send#1`. */
export const placeToText = ({ at }: Fault): string =>
  typeof at === "number" ? `${at + 1}` : `${at.call}#${at.nth}`

const faultToText = (fault: Fault): string => `${placeToText(fault)}:${fault.mode}`

export const caseToText = ({ name }: Scenario, { first, second }: Faulted): string =>
  [name, ...[first, second].filter((fault) => fault !== null).map(faultToText)].join("/")

const faultFromText = (text: string): Fault | undefined => {
  const [, call, number, way] = /^(?:([A-Za-z.]+)#)?([1-9]\d{0,5}):([a-z]+)$/.exec(text) ?? []
  const mode = faultModes.find((known) => known === way)
  if (number === undefined || mode === undefined) return undefined
  return { at: call === undefined ? Number(number) - 1 : { call, nth: Number(number) }, mode }
}

const shape =
  `a scenario, then at most two of "/<call>:<way>", the way being one of ` +
  `${faultModes.join(", ")}, as in checkout-approved/8:after/3:before or ` +
  "checkout-approved/Payments.send#1:after"

export const caseFromText = Effect.fnUntraced(function* (
  given: string
): Effect.fn.Return<Only, UnknownCase> {
  const [name, ...faults] = given.split("/")
  const scenario = scenarios.find((known) => known.name === name)
  if (scenario === undefined) {
    const names = scenarios.map((known) => known.name).join(", ")
    return yield* new UnknownCase({ given, expected: `one of the scenarios ${names}` })
  }
  const [first = null, second = null] = faults.map(faultFromText)
  const isClear = faults.length <= 2 && !faults.map(faultFromText).includes(undefined)
  if (!isClear) return yield* new UnknownCase({ given, expected: shape })
  return { scenario, faulted: first === null ? null : { first, second } }
})
