import type { Compensatable, Pivot, Retriable, Step } from "./Step.ts"

/** An ordered list of steps over a context `C` that can be rejected for a reason `E`. */
export interface Saga<C, E> {
  readonly name: string
  readonly steps: ReadonlyArray<Step<C, E>>
}

/** After the pivot only retriable steps can be added: anything else does not compile. */
export interface AfterPivot<C, E> extends Saga<C, E> {
  readonly retriable: (name: string, run: Retriable<C>["run"]) => AfterPivot<C, E>
}

export interface BeforePivot<C, E> {
  readonly compensatable: (
    name: string,
    step: Pick<Compensatable<C, E>, "run" | "undo">
  ) => BeforePivot<C, E>
  readonly pivot: (name: string, run: Pivot<C, E>["run"]) => AfterPivot<C, E>
}

const afterPivot = <C, E>(name: string, steps: ReadonlyArray<Step<C, E>>): AfterPivot<C, E> => ({
  name,
  steps,
  retriable: (step, run) => afterPivot(name, [...steps, { kind: "retriable", name: step, run }])
})

const beforePivot = <C, E>(name: string, steps: ReadonlyArray<Step<C, E>>): BeforePivot<C, E> => ({
  compensatable: (step, { run, undo }) =>
    beforePivot(name, [...steps, { kind: "compensatable", name: step, run, undo }]),
  pivot: (step, run) => afterPivot(name, [...steps, { kind: "pivot", name: step, run }])
})

/** Begins a saga: compensatable steps, one pivot, retriable steps. */
export const define = <C, E>(name: string): BeforePivot<C, E> => beforePivot(name, [])
