import * as Effect from "effect/Effect"
import type { Plugins } from "../plugins/pluggable.ts"
import { ConfigurationInvalid } from "./ConfigurationInvalid.ts"
import type { Origin, Setting } from "./Setting.ts"
import { readSettingsFile, type SettingsFile } from "./SettingsFile.ts"
import { type SettingName, settingNames, settings, type Values } from "./settings.ts"

export interface Configuration {
  readonly values: Values
  readonly origins: Readonly<Record<SettingName, Origin>>
  /** What the file puts in the place of the store's own layers. */
  readonly plugins: Plugins
}

/** The flags of any command; those that name no setting are the command's own. */
export type Flags = Readonly<Record<string, unknown>>
type Environment = Readonly<Record<string, string | undefined>>

/** An empty variable counts as unset, as everywhere in a shell. */
const find = (
  setting: Setting<unknown>,
  flags: Flags,
  env: Environment,
  file: SettingsFile
): readonly [raw: unknown, origin: Origin] | undefined => {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag]
  if (flag !== undefined) return [flag, { _tag: "flag", name: `--${setting.flag}` }]
  const variable = env[setting.env]
  if (variable !== undefined && variable !== "") {
    return [variable, { _tag: "environment", name: setting.env }]
  }
  if (setting.file in file.values) {
    return [file.values[setting.file], { _tag: "file", path: file.path, name: setting.file }]
  }
  return undefined
}

/** As in "STORE_PORT has to be ...". */
const nameOf = (origin: Origin): string => {
  switch (origin._tag) {
    case "flag":
    case "environment":
      return origin.name
    case "file":
      return `${origin.path}: ${origin.name}`
    default:
      return origin._tag
  }
}

export const showOrigin = (origin: Origin): string =>
  origin._tag === "flag" || origin._tag === "environment"
    ? `${origin._tag} ${origin.name}`
    : origin._tag === "file"
      ? `file ${origin.path}`
      : origin._tag

const perSchema = [
  "inventoryDatabaseUrl",
  "ordersDatabaseUrl",
  "moneyDatabaseUrl",
  "catalogDatabaseUrl"
] as const satisfies ReadonlyArray<SettingName>

/** A store that is half embedded and half elsewhere is a mistake, never a wish. */
const whole = (values: Values): boolean => {
  if (values.databaseUrl !== undefined) return true
  const given = perSchema.filter((name) => values[name] !== undefined)
  return given.length === 0 || given.length === perSchema.length
}

/** Flag, then environment, then file, then default. Knows of every value where it came from. */
export const load = Effect.fnUntraced(function* (
  flags: Flags,
  env: Environment = process.env
): Effect.fn.Return<Configuration, ConfigurationInvalid> {
  const file: SettingsFile = yield* readSettingsFile(flags["config"] ?? env["STORE_CONFIG"])
  const values: Partial<Record<SettingName, unknown>> = {}
  const origins: Partial<Record<SettingName, Origin>> = {}
  for (const name of settingNames) {
    const setting: Setting<unknown> = settings[name]
    const found = find(setting, flags, env, file)
    if (found === undefined) {
      values[name] = setting.fallback
      origins[name] = { _tag: setting.fallback === undefined ? "unset" : "default" }
      continue
    }
    const [raw, origin] = found
    const reading = setting.read(raw)
    if (reading._tag === "Refused") {
      const problem = `has to be ${reading.expected}`
      return yield* new ConfigurationInvalid({ origin: nameOf(origin), problem })
    }
    values[name] = reading.value
    origins[name] = origin
  }
  const configuration = { values, origins, plugins: file.plugins } as Configuration
  if (configuration.values.dataDir === "") {
    const problem = "has no default for a user without a home: set it, or give --data-dir"
    return yield* new ConfigurationInvalid({ origin: settings.dataDir.env, problem })
  }
  if (!whole(configuration.values)) {
    const names = perSchema.map((name) => settings[name].env).join(", ")
    const problem = `names no database for the rest: set it, or all of ${names}`
    return yield* new ConfigurationInvalid({ origin: "DATABASE_URL", problem })
  }
  return configuration
})
