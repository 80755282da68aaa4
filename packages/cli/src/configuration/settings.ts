import { defaultDataDirectory } from "./dataDirectory.ts"
import { integer, type Setting, secret, text, url } from "./Setting.ts"

const postgres = ["postgres:", "postgresql:"]

/** A database of its own for one schema. */
const schemaUrl = (schema: string) =>
  url(
    {
      file: `${schema}_database_url`,
      env: `${schema.toUpperCase()}_DATABASE_URL`,
      description: `Postgres for the schema ${schema}, where it is not database_url.`
    },
    postgres
  )

/** Every setting there is. */
export const settings = {
  dataDir: text(
    {
      file: "data_dir",
      env: "STORE_DATA_DIR",
      flag: "data-dir",
      description: "Directory of the embedded database and of generated keys."
    },
    defaultDataDirectory()
  ),
  databaseUrl: url(
    {
      file: "database_url",
      env: "DATABASE_URL",
      flag: "database-url",
      description: "Postgres for all schemas; without it the embedded one is used."
    },
    postgres
  ),
  inventoryDatabaseUrl: schemaUrl("inventory"),
  ordersDatabaseUrl: schemaUrl("orders"),
  moneyDatabaseUrl: schemaUrl("money"),
  catalogDatabaseUrl: schemaUrl("catalog"),
  redisUrl: url(
    {
      file: "redis_url",
      env: "REDIS_URL",
      description: "Redis for what may be lost; nothing depends on it."
    },
    ["redis:", "rediss:"]
  ),
  poolSize: integer(
    {
      file: "pool_size",
      env: "STORE_POOL_SIZE",
      description: "Connections to each Postgres, at most."
    },
    { fallback: 8, minimum: 1, maximum: 1000 }
  ),
  host: text(
    {
      file: "host",
      env: "STORE_HOST",
      flag: "host",
      description: "Address that `store serve` listens on."
    },
    "127.0.0.1"
  ),
  port: integer(
    {
      file: "port",
      env: "STORE_PORT",
      flag: "port",
      description: "TCP port that `store serve` listens on; 0 takes a free one."
    },
    { fallback: 3000, minimum: 0, maximum: 65_535 }
  ),
  staffToken: secret({
    file: "staff_token",
    env: "STORE_STAFF_TOKEN",
    description: "Bearer token of the staff; generated once where it is unset."
  }),
  webhookSecret: secret({
    file: "webhook_secret",
    env: "STORE_WEBHOOK_SECRET",
    description: "Signs the payment provider's messages; generated once where it is unset."
  }),
  sessionKey: secret({
    file: "session_key",
    env: "STORE_SESSION_KEY",
    description: "Signs the tokens of guests; generated once where it is unset."
  }),
  providerSeed: text(
    {
      file: "provider_seed",
      env: "STORE_PROVIDER_SEED",
      flag: "provider-seed",
      description: "Seed of the sandbox payment provider: the same one behaves the same."
    },
    "approve"
  ),
  providerMix: text(
    {
      file: "provider_mix",
      env: "STORE_PROVIDER_MIX",
      flag: "provider-mix",
      description: "How the sandbox provider behaves, such as approve=9,decline=1 (weights)."
    },
    "approve=1"
  )
}

export type Settings = typeof settings
export type SettingName = keyof Settings
export type Values = {
  readonly [K in SettingName]: Settings[K] extends Setting<infer A> ? A : never
}
export const settingNames = Object.keys(settings) as ReadonlyArray<SettingName>
