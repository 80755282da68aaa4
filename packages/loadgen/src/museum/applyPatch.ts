import { readFileSync } from "node:fs"
import * as Schema from "effect/Schema"
import type { Mutant, Patch } from "./Mutant.ts"
import { placeOf } from "./sources.ts"

/** The source has moved on: what the mutant would change is not there, or is there twice. */
export class PatchDoesNotFit extends Schema.TaggedError<PatchDoesNotFit>()("PatchDoesNotFit", {
  mutant: Schema.String,
  file: Schema.String,
  places: Schema.Int
}) {
  override get message() {
    const places = this.places === 0 ? "nowhere" : `in ${this.places} places`
    return `mutant ${this.mutant}: what it changes in ${this.file} is found ${places}, not once`
  }
}

interface Place {
  readonly start: number
  readonly end: number
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

const isWord = (token: string | undefined): boolean => /^\w/.test(token ?? "")

/** How the sources are wrapped may change; what they say may not. */
const patternOf = (find: string): RegExp => {
  const tokens = find.match(/\w+|[^\s\w]/g) ?? []
  const parts = tokens.map((token, index) => {
    const gap = index === 0 ? "" : isWord(token) && isWord(tokens[index - 1]) ? "\\s+" : "\\s*"
    return gap + literal(token)
  })
  return new RegExp(parts.join(""), "g")
}

const locate = (mutant: string, text: string, { file, find }: Patch): Place => {
  const found = [...text.matchAll(patternOf(find))]
  const [first] = found
  if (first === undefined || found.length > 1) {
    throw new PatchDoesNotFit({ mutant, file, places: found.length })
  }
  return { start: first.index, end: first.index + first[0].length }
}

export const sourceOf = (file: string): string => readFileSync(placeOf(file), "utf8")

/** What a mutant changes in one file, from the top down. Throws `PatchDoesNotFit`. */
export const changesIn = (mutant: Mutant, file: string, text: string) =>
  mutant.patches
    .filter((patch) => patch.file === file)
    .map((patch) => ({ ...locate(mutant.name, text, patch), replace: patch.replace }))
    .sort((a, b) => a.start - b.start)

/** The file as the mutant has it. Throws `PatchDoesNotFit`. */
export const applyPatch = (mutant: Mutant, file: string, text: string): string =>
  changesIn(mutant, file, text).reduceRight(
    (patched, { end, replace, start }) => patched.slice(0, start) + replace + patched.slice(end),
    text
  )
