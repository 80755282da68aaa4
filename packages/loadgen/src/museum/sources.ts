/**
 * The TypeScript of our own packages as data: the museum reads, changes and runs it from wherever
 * the program was installed.
 */

const roots: Readonly<Record<string, URL>> = {
  core: new URL("../../../core/src/", import.meta.url),
  adapters: new URL("../../../adapters/src/", import.meta.url),
  loadgen: new URL("../", import.meta.url)
}

/** The place of a file that is named from the folder of the packages on. */
export const placeOf = (file: string): URL => {
  const [, name = "", path = ""] = /^(\w+)\/src\/(.+)$/.exec(file) ?? []
  const root = roots[name]
  if (root === undefined) throw new TypeError(`${file} is in none of the store's packages`)
  return new URL(path, root)
}

/** The inverse of `placeOf`; undefined for what is not ours. */
export const fileAt = (url: string): string | undefined => {
  const place = url.split("?", 1)[0] ?? ""
  for (const [name, { href }] of Object.entries(roots)) {
    if (place.startsWith(href)) return `${name}/src/${decodeURI(place.slice(href.length))}`
  }
  return undefined
}
