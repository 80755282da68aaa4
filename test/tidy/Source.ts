import { readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync, Visitor } from "oxc-parser"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** A file of the repository: its path from the root with forward slashes, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

export interface Span {
  readonly start: number
  readonly end: number
}

export interface Parsed {
  readonly imports: ReadonlyArray<string>
  readonly functions: ReadonlyArray<Span>
  readonly comments: ReadonlyArray<Span>
}

const skipped = new Set(["node_modules", ".git", "dist", "dist-package", "coverage", ".store-data"])
const textual = new Set([".ts", ".js", ".mjs", ".json", ".md", ".sql", ".sh", ".yml", ".html", ""])

const walk = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`
    if (skipped.has(entry.name)) return []
    if (entry.isDirectory()) return walk(path)
    return entry.isFile() && textual.has(extname(path)) ? [path] : []
  })

export const readSources = (): ReadonlyArray<Source> =>
  walk("").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))

export const isCode = ({ path }: Source): boolean => /\.(ts|js|mjs)$/.test(path)

const stripQuotes = (literal: string) => literal.slice(1, -1)

/** What the rules ask of a file. Imports include re-exports, types and dynamic imports. */
export const parse = ({ path, text }: Source): Parsed => {
  const { comments, errors, module, program } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const functions: Array<Span> = []
  const note = (node: Span) => void functions.push({ start: node.start, end: node.end })
  new Visitor({
    FunctionDeclaration: note,
    FunctionExpression: note,
    ArrowFunctionExpression: note
  }).visit(program)
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []))
  )
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start, moduleRequest.end)
  )
  return {
    imports: [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...reexports,
      ...dynamic.filter((literal) => /^["']/.test(literal)).map(stripQuotes)
    ],
    functions,
    comments
  }
}

/** The text with its comments blanked out; offsets and lines stay where they were. */
export const withoutComments = (source: Source): string =>
  parse(source).comments.reduce(
    (text, { end, start }) =>
      text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end),
    source.text
  )

export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split("\n").length
