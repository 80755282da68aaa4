// Stages what a configuration file and its tests import: the ports, the contract suites and
// `defineConfig`, as JavaScript with types. In one package they share its name: what a clone calls
// @doorbuster/core/... is doorbuster/core/... there.
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const of = (folder, path = "*") => ({
  types: `./lib/${folder}/src/${path}.d.ts`,
  default: `./lib/${folder}/src/${path}.js`
})

/** Of the package's manifest. */
export const exported = {
  "./core/*": of("core"),
  "./adapters/*": of("adapters"),
  "./cli/config": of("cli", "config"),
  "./package.json": "./package.json"
}

/** What is imported, and only that: the keys of services begin with the same words. */
const imported = /(\bfrom\s*["']|\bimport\s*\(?\s*["'])([^"'\n]+)(?=["'])/g

/** The compiler leaves the endings of declarations alone; a reader's own need not allow these. */
const renamed = (from) =>
  from.startsWith(".")
    ? from.replace(/\.ts$/, ".js")
    : from.replace(/^@doorbuster\//, "doorbuster/")

export const stageLib = (root, stage) => {
  const lib = join(stage, "lib")
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const project = join(root, "scripts/tsconfig.lib.json")
  execFileSync(process.execPath, [tsc, "-p", project, "--outDir", lib], { stdio: "inherit" })
  for (const name of readdirSync(lib, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js") && !name.endsWith(".d.ts")) continue
    const path = join(lib, name)
    const text = readFileSync(path, "utf8")
    writeFileSync(
      path,
      text.replaceAll(imported, (_, before, from) => before + renamed(from))
    )
  }
}
