/** A change of one file: the only place that reads `find` becomes `replace`. */
export interface Patch {
  /** From the folder of the packages on, such as `core/src/checkout/stockLines.ts`. */
  readonly file: string
  /** Has to be there exactly once, however it is wrapped. */
  readonly find: string
  readonly replace: string
}

/** A bug that others have had, as a small change of our own source at the place that decides it. */
export interface Mutant {
  /** kebab-case. */
  readonly name: string
  readonly title: string
  /** One sentence each. */
  readonly story: {
    readonly happened: string
    readonly because: string
    readonly cost: string
  }
  /** Where the story is told. */
  readonly source: { readonly name: string; readonly url: string }
  readonly patches: ReadonlyArray<Patch>
  /** The rule of ours that it breaks. */
  readonly breaks: string
  /** The fault or race that it needs, and by what it is seen then. */
  readonly seenAs: string
}

export const storyOf = ({ story }: Mutant): string =>
  `${story.happened} ${story.because} ${story.cost}`
