import * as Effect from "effect/Effect"

/** Tags with how often each came: what a race is judged by, because a count alone hides why. */
export const tally = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => {
  const counts: Record<string, number> = {}
  for (const { _tag } of outcomes) counts[_tag] = (counts[_tag] ?? 0) + 1
  return counts
}

export const tagOf = (outcome: { readonly _tag: string } | undefined) => outcome?._tag

/** Sends each item as a batch of its own, all at once, and gathers the answers in order. */
export const atOnce = <I, A, E, R>(
  items: ReadonlyArray<I>,
  run: (item: I) => Effect.Effect<ReadonlyArray<A>, E, R>
) =>
  Effect.map(Effect.forEach(items, run, { concurrency: "unbounded" }), (answers) => answers.flat())
