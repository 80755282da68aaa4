import { existsSync, readFileSync } from "node:fs"
import { extname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { readConfigModule } from "../plugins/ConfigModule.ts"
import { noPlugins, type Plugins } from "../plugins/pluggable.ts"
import { ConfigurationInvalid } from "./ConfigurationInvalid.ts"
import { settingNames, settings } from "./settings.ts"
import { isRecord, reasonOf } from "./unknowns.ts"

/** What a configuration file says; where there is none, nothing. */
export interface SettingsFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
  readonly plugins: Plugins
}

const base = "store.config"
const moduleExtensions = [".ts", ".mts", ".js", ".mjs"]
const extensions = [".json", ...moduleExtensions]

const readText = (path: string) =>
  Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (error) =>
      new ConfigurationInvalid({ origin: path, problem: `cannot be read: ${reasonOf(error)}` })
  })

const parse = (path: string, text: string) =>
  Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: (error) =>
      new ConfigurationInvalid({ origin: path, problem: `is not JSON: ${reasonOf(error)}` })
  })

/** The file that was named, or the only one that lies here; undefined where there is none. */
const place = Effect.fnUntraced(function* (named: unknown) {
  if (typeof named === "string" && named !== "") return resolve(named)
  const found = extensions.map((extension) => `${base}${extension}`).filter((n) => existsSync(n))
  const [name, ...others] = found
  if (others.length > 0) {
    const problem = `lie here together (${found.join(", ")}): keep one, or name it with --config`
    return yield* new ConfigurationInvalid({ origin: `several configuration files`, problem })
  }
  return name === undefined ? undefined : resolve(name)
})

const readJson = Effect.fnUntraced(function* (path: string) {
  const values = yield* parse(path, yield* readText(path))
  if (isRecord(values)) return values
  return yield* new ConfigurationInvalid({ origin: path, problem: "has to hold a JSON object" })
})

const read = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<SettingsFile, ConfigurationInvalid> {
  if (!moduleExtensions.includes(extname(path))) {
    return { path, values: yield* readJson(path), plugins: noPlugins }
  }
  yield* readText(path)
  const { ports, settings: values } = yield* readConfigModule(path)
  return { path, values, plugins: { file: path, ports } }
})

/** A named file has to be there; the one that nobody named need not. Knows no unknown key. */
export const readSettingsFile = Effect.fnUntraced(function* (named: unknown) {
  const path = yield* place(named)
  if (path === undefined) return { path: "", values: {}, plugins: noPlugins }
  const file = yield* read(path)
  const known = new Set<string>(settingNames.map((name) => settings[name].file))
  const stranger = Object.keys(file.values).find((key) => !known.has(key))
  if (stranger === undefined) return file
  const problem = `has the unknown key "${stranger}"; known are: ${[...known].join(", ")}`
  return yield* new ConfigurationInvalid({ origin: path, problem })
})
