import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ConfigurationInvalid } from "../configuration/ConfigurationInvalid.ts"
import { isRecord, reasonOf } from "../configuration/unknowns.ts"
import { type Plugs, portNames } from "./pluggable.ts"
import { lendStoreModules } from "./storeModules.ts"

/** What a configuration file in TypeScript or JavaScript says. */
export interface ConfigModule {
  readonly settings: Readonly<Record<string, unknown>>
  readonly ports: Plugs
}

const codeOf = (error: unknown): unknown => (isRecord(error) ? error["code"] : undefined)

/** Node says what is wrong; where it leaves open what to do, that is added. */
const importProblem = (error: unknown): string => {
  const reason = reasonOf(error)
  switch (codeOf(error)) {
    case "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING":
      return "lies under node_modules, where Node runs no TypeScript: move it, or make it .mjs"
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return `cannot be loaded: ${reason} (Node strips types, it compiles no enum or namespace)`
    default:
      return `cannot be loaded: ${reason}`
  }
}

const importFile = (path: string) =>
  Effect.tryPromise({
    try: async (): Promise<Readonly<Record<string, unknown>>> => {
      lendStoreModules()
      return await import(pathToFileURL(path).href)
    },
    catch: (error) => new ConfigurationInvalid({ origin: path, problem: importProblem(error) })
  })

const parts = ["settings", "ports"]
const isPlug = (value: unknown): boolean => typeof value === "function" || Layer.isLayer(value)

/** What is wrong with a default export, to follow the name of its file; undefined: nothing. */
const flawOf = (config: unknown): string | undefined => {
  if (!isRecord(config)) return "has to have a default export: export default defineConfig({ ... })"
  const stranger = Object.keys(config).find((key) => !parts.includes(key))
  if (stranger !== undefined) return `says "${stranger}"; known are: ${parts.join(", ")}`
  const { ports = {}, settings = {} } = config
  if (!isRecord(settings)) return "has to give its settings as an object"
  if (!isRecord(ports)) return "has to give its ports as an object"
  for (const [name, plug] of Object.entries(ports)) {
    if (!(portNames as ReadonlyArray<string>).includes(name)) {
      return `plugs the unknown port "${name}"; known are: ${portNames.join(", ")}`
    }
    if (!isPlug(plug)) return `ports.${name} has to be a Layer, or a function that gives one`
  }
  return undefined
}

/** A file may ask for a secret first; one that never ends would end the program without a word. */
const patienceSeconds = 30

const inTime = (path: string) =>
  Effect.timeoutOrElse(importFile(path), {
    duration: `${patienceSeconds} seconds`,
    orElse: () => {
      const problem = `is not loaded after ${patienceSeconds} s: it awaits what never comes`
      return Effect.fail(new ConfigurationInvalid({ origin: path, problem }))
    }
  })

/** Runs the file and takes what it exports; nothing that it plugs is built by this. */
export const readConfigModule = Effect.fnUntraced(function* (path: string) {
  const { default: config } = yield* inTime(path)
  const problem = flawOf(config)
  if (problem !== undefined) return yield* new ConfigurationInvalid({ origin: path, problem })
  return { settings: {}, ports: {}, ...(config as Partial<ConfigModule>) } satisfies ConfigModule
})
