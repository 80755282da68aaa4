// Bundles the workspace's TypeScript into JavaScript for the packed store.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"
import { build } from "esbuild"

const located = /new URL\(\s*"(\.{1,2}\/[^"]*)",\s*import\.meta\.url\s*\)/g
const unlocated = /import\.meta\.(url|dirname|filename)/

const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
    : []

const withoutTs = (path) => path.replace(/\.ts$/, "")

/**
 * A bundle moves code to other folders, so whatever a source finds beside itself has to be found
 * again. One form is understood: `new URL("<path>", import.meta.url)` with a literal path. Code is
 * bundled as an entry of its own (worker threads), data is staged under its path in the repository.
 */
const relocate = (root, path, text, note) => {
  const moved = text.replaceAll(located, (_, target) => {
    const found = resolve(dirname(path), target)
    if (!existsSync(found)) throw new Error(`${path} points to ${target}, which is not there`)
    const name = relative(root, found).split(sep).join("/")
    const isCode = name.endsWith(".ts")
    note({ name, isCode })
    // A folder's place ends with its slash, or what is looked up in it lands beside it.
    const place = isCode ? `dist/${withoutTs(name)}.js` : target.endsWith("/") ? `${name}/` : name
    return `__here(${JSON.stringify(place)})`
  })
  if (unlocated.test(moved)) {
    throw new Error(
      `${path}: write new URL("<literal path>", import.meta.url), or packing loses it`
    )
  }
  return moved === text ? text : `import { here as __here } from "#here"\n${moved}`
}

const workspace = (root, note) => ({
  name: "workspace",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@doorbuster\// }, ({ path }) => {
      const [, name, ...rest] = path.split("/")
      return { path: join(root, "packages", name, "src", `${rest.join("/")}.ts`) }
    })
    onLoad({ filter: /[/\\]packages[/\\]\w+[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({
      contents: relocate(root, path, readFileSync(path, "utf8"), note),
      loader: "ts"
    }))
  }
})

const bundleOnce = async (root, outdir, entries) => {
  const notes = []
  const { metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    packages: "external",
    external: ["#here"],
    chunkNames: "chunks/[hash]",
    keepNames: true,
    metafile: true,
    logLevel: "silent",
    plugins: [workspace(root, (note) => notes.push(note))]
  })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"))
  return { metafile, notes }
}

/** The packages that the bundle still imports, by name. */
const externals = (metafile) => {
  const from = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter(({ external, path }) => external && !/^(node:|#)/.test(path))
    .map(({ path }) => path.split("/", path.startsWith("@") ? 2 : 1).join("/"))
  return [...new Set(from)].sort()
}

/**
 * One entry per command and hook, and one per source that the others start by its place. A second
 * pass is needed where the first one finds such sources: they have to share their chunks.
 */
export const bundle = async (root, outdir) => {
  const source = join(root, "packages/cli/src")
  let entries = ["commands", "hooks"]
    .flatMap((folder) => filesBelow(join(source, folder)))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ in: path, out: withoutTs(relative(source, path)) }))
  for (;;) {
    const { metafile, notes } = await bundleOnce(root, outdir, entries)
    const known = new Set(entries.map(({ out }) => out))
    const started = [...new Set(notes.filter(({ isCode }) => isCode).map(({ name }) => name))]
    const missing = started.filter((name) => !known.has(withoutTs(name)))
    if (missing.length === 0) {
      const data = notes.filter(({ isCode }) => !isCode).map(({ name }) => name)
      return { externals: externals(metafile), data: [...new Set(data)] }
    }
    entries = [
      ...entries,
      ...missing.map((name) => ({ in: join(root, name), out: withoutTs(name) }))
    ]
  }
}
