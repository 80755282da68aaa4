import { readFileSync } from "node:fs"
import { registerHooks, stripTypeScriptTypes } from "node:module"
import { applyPatch } from "./applyPatch.ts"
import type { Mutant } from "./Mutant.ts"
import { fileAt, placeOf } from "./sources.ts"

/** Keeps the museum's modules apart from those that this thread has loaded for itself. */
const mark = "?museum"

/** The file of ours that an import means. */
const meant = (specifier: string, parent: string | undefined): URL | undefined => {
  const [, name, path] = /^@doorbuster\/(\w+)\/(.+)$/.exec(specifier) ?? []
  if (name !== undefined && path !== undefined) return placeOf(`${name}/src/${path}.ts`)
  if (specifier.startsWith("file:")) return new URL(specifier)
  return specifier.startsWith(".") ? new URL(specifier, parent) : undefined
}

/**
 * From now on this thread runs our packages from their TypeScript, changed as the mutant has it.
 * Answers the address under which a file of ours is imported that way; whatever it imports from us
 * follows, and everything else is found where it is installed.
 *
 * The types are taken away here, because Node itself refuses to do so below a `node_modules`.
 */
export const installMuseum = (mutant: Mutant | null): ((file: string) => string) => {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const inside = specifier.endsWith(mark) || context.parentURL?.endsWith(mark) === true
      const url = inside ? meant(specifier, context.parentURL) : undefined
      if (url === undefined || fileAt(url.href) === undefined) {
        return nextResolve(specifier, context)
      }
      url.search = mark
      return { url: url.href, format: "module", shortCircuit: true }
    },
    load: (url, context, nextLoad) => {
      const file = url.endsWith(mark) ? fileAt(url) : undefined
      if (file === undefined) return nextLoad(url, context)
      const text = readFileSync(placeOf(file), "utf8")
      const patched = mutant === null ? text : applyPatch(mutant, file, text)
      const source = stripTypeScriptTypes(patched, { sourceUrl: url })
      return { format: "module", source, shortCircuit: true }
    }
  })
  return (file) => `${placeOf(file).href}${mark}`
}
