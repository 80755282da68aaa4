import { isCode, lineAt, parse, type Source, withoutComments } from "./Source.ts"

const find = (path: string, text: string, pattern: RegExp, what: string): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(
    (match) => `${path}:${lineAt(text, match.index)} ${what}: ${match[0]}`
  )

/** Spelled apart, so that this file passes its own rule. */
const leftover = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b|\\bXX${"X"}:`, "g")

export const leftovers = (source: Source): ReadonlyArray<string> => {
  const { path, text } = source
  const notes = isCode(source)
    ? parse(source).comments.map(({ end, start }) => ({ start, text: text.slice(start, end) }))
    : [{ start: 0, text }]
  return notes.flatMap((note) =>
    [...note.text.matchAll(leftover)].map(
      (match) => `${path}:${lineAt(text, note.start + match.index)} leaves a ${match[0]}`
    )
  )
}

const ambient = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bperformance\.now\b/,
  /\brandomUUID\b/,
  /\bprocess\./,
  /\bset(Timeout|Interval|Immediate)\b/
]
const ambientPattern = new RegExp(ambient.map(({ source }) => source).join("|"), "g")

/** Core reads time and chance from Effect's `Clock` and `Random`, or no run could be replayed. */
export const ambientTime = (source: Source): ReadonlyArray<string> =>
  find(source.path, withoutComments(source), ambientPattern, "reads the world behind Effect's back")

const machinePath = /(?<![\w.$}@-])\/(work|root|Users|home\/(?!linuxbrew)\w+)\/[\w.-]+/g
const registryHost =
  /\bregistry\.[a-z0-9.-]+\.[a-z]{2,}|\b[a-z0-9.-]*(artifactory|nexus|verdaccio)\./g

export const machinePaths = ({ path, text }: Source): ReadonlyArray<string> => [
  ...find(path, text, machinePath, "names a folder of one machine"),
  ...find(path, text, registryHost, "names a package registry")
]
