import type { AuditReport } from "@doorbuster/core/audit/audit"
import * as Schema from "effect/Schema"

/** The bench has nowhere to run: it never touches a database that it has not made. */
export class BenchRefused extends Schema.TaggedError<BenchRefused>()("BenchRefused", {
  problem: Schema.String
}) {
  override get message() {
    return this.problem
  }
}

/** What the subject is compared with could not be run. */
export class ReferenceFailed extends Schema.TaggedError<ReferenceFailed>()("ReferenceFailed", {
  reference: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `${this.reference}: ${this.detail}`
  }
}

const Broken = Schema.Struct({
  name: Schema.String,
  count: Schema.Int,
  /** The first one of them. */
  key: Schema.String,
  left: Schema.String,
  right: Schema.String
})
export type Broken = typeof Broken.Type

/** A round broke an invariant: how fast it was does not matter. */
export class FigureVoid extends Schema.TaggedError<FigureVoid>()("FigureVoid", {
  run: Schema.String,
  round: Schema.Int,
  broken: Schema.Array(Broken)
}) {
  override get message() {
    const names = this.broken.map(({ name }) => name).join(", ")
    return `no figure: round ${this.round} of ${this.run} broke ${names}`
  }
}

/** The broken invariants of an audit. */
export const brokenOf = ({ invariants }: AuditReport): ReadonlyArray<Broken> =>
  invariants.flatMap(({ name, violations }) => {
    const [first] = violations
    return first === undefined ? [] : [{ name, count: violations.length, ...first }]
  })
