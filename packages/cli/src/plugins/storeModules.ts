import { registerHooks } from "node:module"

/** Modules that belong to the store: its ports, its contract suites, and its Effect. */
const ours = /^@?doorbuster\/(?=(?:core|adapters|cli)\/)/
const effect = /^effect(?:$|\/)/

/** Somewhere in this program: what it imports from here is its own. */
const here = new URL("./storeModules.ts", import.meta.url).href

/** A clone calls its packages by their names, a packed store is one package. */
const spellings = (specifier: string): ReadonlyArray<string> =>
  ours.test(specifier)
    ? [specifier.replace(ours, "@doorbuster/"), specifier.replace(ours, "doorbuster/")]
    : effect.test(specifier)
      ? [specifier]
      : []

let isRegistered = false

/**
 * From here on, whoever imports the store's modules or Effect gets this program's own, wherever the
 * file lies: a configuration file needs no `node_modules` beside it, and no second Effect gets in.
 */
export const lendStoreModules = (): void => {
  if (isRegistered) return
  isRegistered = true
  registerHooks({
    resolve: (specifier, context, next) => {
      let failure: unknown
      for (const spelling of spellings(specifier)) {
        try {
          return next(spelling, { ...context, parentURL: here })
        } catch (error) {
          failure ??= error
        }
      }
      if (failure !== undefined) throw failure
      return next(specifier, context)
    }
  })
}
