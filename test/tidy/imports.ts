import { existsSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { parse, root, type Source } from "./Source.ts"

/** `packages/core/src/money/Money.ts` is in the package `core`. */
const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1]

const below: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  adapters: ["core"],
  loadgen: ["core", "adapters"],
  cli: ["core", "adapters", "loadgen"]
}

const drivers = (name: string): ReadonlyArray<string> => {
  const manifest = JSON.parse(readFileSync(join(root, `packages/${name}/package.json`), "utf8"))
  return Object.keys(manifest.dependencies).filter((from) => !from.startsWith("@doorbuster/"))
}

/** Whether a module of Effect promises anything: a file of its own with stable exports in it. */
const isStableEffect = (from: string): boolean => {
  const module = /^effect\/(\w+)$/.exec(from)?.[1]
  if (module === undefined) return false
  const declarations = join(root, `node_modules/effect/dist/${module}.d.ts`)
  return (
    existsSync(declarations) && readFileSync(declarations, "utf8").includes("@stability stable")
  )
}

const resolve = (path: string, from: string): string =>
  posix.normalize(posix.join(posix.dirname(path), from))

/** The file of ours that an import means, or undefined for somebody else's package. */
const targetOf = (path: string, from: string): string | undefined => {
  if (from.startsWith(".")) return resolve(path, from)
  const named = /^@doorbuster\/(\w+)\/(.+)$/.exec(from)
  return named === null ? undefined : `packages/${named[1]}/src/${named[2]}.ts`
}

/** Contract suites are tests that others run as well, so they ship with the adapters. */
const isContract = (path: string): boolean => /^packages\/adapters\/src\/contract[./]/.test(path)
const testTools = ["vitest", "@effect/vitest", "fast-check"]

const isAllowed = (name: string, from: string): boolean => {
  if (from.startsWith(".")) return true
  const sibling = /^@doorbuster\/(\w+)\//.exec(from)?.[1]
  if (sibling !== undefined) return sibling === name || (below[name] ?? []).includes(sibling)
  if (name === "core") return isStableEffect(from)
  if (from.startsWith("node:")) return true
  return drivers(name).some((driver) => from === driver || from.startsWith(`${driver}/`))
}

/** Imports point one way: cli -> loadgen -> adapters -> core, and core knows only itself. */
export const wrongDirection = (source: Source): ReadonlyArray<string> => {
  const name = packageOf(source.path)
  if (name === undefined || !source.path.startsWith(`packages/${name}/src/`)) return []
  return parse(source)
    .imports.filter((from) => {
      if (isContract(source.path)) return !testTools.includes(from) && !isAllowed(name, from)
      return isContract(targetOf(source.path, from) ?? "") || !isAllowed(name, from)
    })
    .map((from) => `${source.path} may not import ${from}`)
}

/** Another package is imported by its name; only the shared test servers are reached by path. */
export const reachingAcross = (source: Source): ReadonlyArray<string> => {
  const name = packageOf(source.path)
  return parse(source).imports.flatMap((from) => {
    if (!from.startsWith(".")) return []
    const target = resolve(source.path, from)
    if (packageOf(target) === name) return []
    const isTest = !source.path.includes("/src/") && /^(test|scripts)\//.test(target)
    return isTest ? [] : [`${source.path} reaches into ${target}`]
  })
}

export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** Files and what they import, within one package and across packages. */
export const fileGraph = (sources: ReadonlyArray<Source>): Graph =>
  new Map(
    sources.map((source) => {
      const targets = parse(source).imports.flatMap((from) => targetOf(source.path, from) ?? [])
      return [source.path, new Set(targets)]
    })
  )

const coreFolder = (path: string): string | undefined =>
  /^packages\/core\/src\/([^/]+)/.exec(path)?.[1]

/** The folders of core and which folders they import; a file beside them stands for itself. */
export const coreFolders = (files: Graph): Graph => {
  const folders = new Map<string, Set<string>>()
  for (const [path, targets] of files) {
    const folder = coreFolder(path)
    if (folder === undefined) continue
    const seen = folders.get(folder) ?? new Set()
    for (const target of targets) {
      const other = coreFolder(target)
      if (other !== undefined && other !== folder) seen.add(other)
    }
    folders.set(folder, seen)
  }
  return folders
}

/** One line per circle, found by depth-first search. */
export const circles = (graph: Graph): ReadonlyArray<string> => {
  const found: Array<string> = []
  const done = new Set<string>()
  const visit = (node: string, trail: ReadonlyArray<string>): void => {
    const start = trail.indexOf(node)
    if (start >= 0) {
      found.push([...trail.slice(start), node].join(" -> "))
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return found
}
